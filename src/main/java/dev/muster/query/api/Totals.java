package dev.muster.query.api;

import dev.muster.federation.view.CellState;
import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.FleetState;

/// How many of the fleet there are and are up. Agents that left on purpose do not count.
///
/// @param agents agents that should be there
/// @param agentsUp those that are up
/// @param targets services of them
/// @param targetsUp those that are up
record Totals(int agents, int agentsUp, int targets, int targetsUp) {
    static Totals of(FleetState fleet) {
        Counts all = Counts.NONE;
        for (CellState cell : fleet.cells()) {
            all = all.plus(cell.counts());
        }
        return new Totals(all.hosts(), all.up(), all.services(), all.servicesUp());
    }
}
