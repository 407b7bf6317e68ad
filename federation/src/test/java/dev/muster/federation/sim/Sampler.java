package dev.muster.federation.sim;

import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at each service once a second, as a query node shows it, and compares with what is true.
/// Confined to one thread.
final class Sampler {
    private final CellWorld world;
    private final int[][] unknown;
    private final int[][] wrong;

    Sampler(CellWorld world) {
        this.world = world;
        this.unknown = new int[world.size()][];
        this.wrong = new int[world.size()][];
        for (SimulatedHost host : world.hosts) {
            unknown[host.index] = new int[host.services.count()];
            wrong[host.index] = new int[host.services.count()];
        }
    }

    void sample(SimulatedQuery query, SimulatedHost host) {
        query.state();
        @Nullable Member member = query.shown(host.index);
        List<ServiceState> states = member == null ? List.of() : member.services();
        for (int i = 0; i < host.services.count(); i++) {
            Health shown = i < states.size() ? states.get(i).health() : Health.UNKNOWN;
            Health truth = host.alive && host.services.runs(i) ? Health.UP : Health.DOWN;
            count(host.index, i, shown, truth);
        }
    }

    private void count(int host, int service, Health shown, Health truth) {
        Tally tally = world.tally();
        tally.targetSeconds++;
        int nothing = shown == Health.UNKNOWN ? unknown[host][service] + 1 : 0;
        int odd = shown != Health.UNKNOWN && shown != truth ? wrong[host][service] + 1 : 0;
        unknown[host][service] = nothing;
        wrong[host][service] = odd;
        tally.unknownSeconds += nothing > 0 ? 1 : 0;
        tally.wrongSeconds += odd > 0 ? 1 : 0;
        tally.longestUnknown = Math.max(tally.longestUnknown, nothing);
        tally.longestWrong = Math.max(tally.longestWrong, odd);
    }
}
