package dev.muster.query.api;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;

/// How many of the fleet there are and are up. Agents that left on purpose do not count.
///
/// @param agents agents that should be there
/// @param agentsUp those that are up
/// @param targets services of them
/// @param targetsUp those that are up
record Totals(int agents, int agentsUp, int targets, int targetsUp) {
    static Totals of(FleetState fleet) {
        int agents = 0;
        int agentsUp = 0;
        int targets = 0;
        int targetsUp = 0;
        for (CellState cell : fleet.cells()) {
            for (Member member : cell.members()) {
                if (!(member.upness() instanceof Upness.Left)) {
                    agents++;
                    agentsUp += member.isUp() ? 1 : 0;
                    targets += member.services().size();
                    targetsUp += up(member);
                }
            }
        }
        return new Totals(agents, agentsUp, targets, targetsUp);
    }

    /// How many services of a member are up.
    static int up(Member member) {
        int up = 0;
        for (ServiceState service : member.services()) {
            up += service.up() ? 1 : 0;
        }
        return up;
    }
}
