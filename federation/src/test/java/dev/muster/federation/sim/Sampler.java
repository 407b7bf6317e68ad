package dev.muster.federation.sim;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at each service once a second, as a query node shows it, and compares with what is true.
/// Confined to one thread.
final class Sampler {
    /// What is shown of a service.
    enum Value {
        UP,
        DOWN,
        UNKNOWN
    }

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

    static Value value(ServiceState state) {
        if (state.up()) {
            return Value.UP;
        }
        return state.reason().startsWith("unknown") || state.reason().startsWith("not yet")
                ? Value.UNKNOWN
                : Value.DOWN;
    }

    void sample(SimulatedQuery query) {
        query.state();
        for (SimulatedHost host : world.hosts) {
            @Nullable Member member = query.shown(host.index);
            if (member != null && member.upness() instanceof Upness.Left) {
                continue;
            }
            List<ServiceState> states = member == null ? List.of() : member.services();
            for (int i = 0; i < host.services.count(); i++) {
                Value shown = i < states.size() ? value(states.get(i)) : Value.UNKNOWN;
                Value truth = host.alive && host.services.runs(i) ? Value.UP : Value.DOWN;
                count(host.index, i, shown, truth);
            }
        }
    }

    private void count(int host, int service, Value shown, Value truth) {
        Tally tally = world.tally();
        tally.targetSeconds++;
        int nothing = shown == Value.UNKNOWN ? unknown[host][service] + 1 : 0;
        int odd = shown != Value.UNKNOWN && shown != truth ? wrong[host][service] + 1 : 0;
        unknown[host][service] = nothing;
        wrong[host][service] = odd;
        tally.unknownSeconds += nothing > 0 ? 1 : 0;
        tally.wrongSeconds += odd > 0 ? 1 : 0;
        tally.longestUnknown = Math.max(tally.longestUnknown, nothing);
        tally.longestWrong = Math.max(tally.longestWrong, odd);
    }
}
