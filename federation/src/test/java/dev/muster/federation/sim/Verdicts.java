package dev.muster.federation.sim;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// Compares what agents and query nodes say with what is true, and takes the time. Confined to one
/// thread.
final class Verdicts {
    /// A verdict may still be under way when its reason ends.
    private static final long GRACE_MS = 3000;

    private final CellWorld world;
    private final List<Expectation> expectations = new ArrayList<>();

    Verdicts(CellWorld world) {
        this.world = world;
    }

    /// An agent changed its mind about a host.
    void changed(SimulatedHost by, SimulatedHost host, Upness after) {
        if (!(after instanceof Upness.Down(_, Cause cause))) {
            return;
        }
        if (host.downSeenMs[by.index] == Expectation.NOT_YET) {
            host.downSeenMs[by.index] = world.nowMs();
        }
        if (isFalse(host)) {
            world.tally().falseAtAgents++;
            example("agent %s calls %s down, %s".formatted(by.name, host.name, cause));
        }
    }

    /// A query node shows another state of a member.
    void shown(SimulatedQuery query, SimulatedHost host, Member member) {
        if (member.upness() instanceof Upness.Down(_, Cause cause) && isFalse(host)) {
            world.tally().falseAtQueries++;
            example("query node %d shows %s down, %s".formatted(query.index, host.name, cause));
        }
    }

    void look(SimulatedQuery query) {
        expectations.forEach(expectation -> expectation.look(query, world.nowMs()));
    }

    /// Whether nothing is wrong with a host and its agent, nor was a moment ago.
    private boolean isFalse(SimulatedHost host) {
        boolean isolated = 3 * world.network.cutsOf(host.index) >= 2 * (world.size() - 1);
        return host.alive
                && host.runs()
                && !host.isPaused(world.nowMs())
                && world.nowMs() - host.recoveredMs > GRACE_MS
                && (host.deaf || !isolated);
    }

    void expect(SimulatedHost host, Predicate<Member> holds) {
        Arrays.fill(host.downSeenMs, Expectation.NOT_YET);
        expectations.add(new Expectation(host.index, world.nowMs(), world.queries.size(), holds));
    }

    /// @param causes what may be shown as the cause of a host that is down
    void conclude(List<Cause> causes) {
        for (Expectation expectation : expectations) {
            long took = expectation.tookMs();
            if (took == Expectation.NOT_YET) {
                world.tally().missed++;
                example(
                        "%s not shown by all, its fault is %d ms old"
                                .formatted(
                                        world.host(expectation.host).name,
                                        world.nowMs() - expectation.fromMs));
            } else {
                world.tally().atQueries.add(took);
            }
            atAgents(expectation);
            causes(expectation.host, causes);
        }
        expectations.clear();
    }

    private void atAgents(Expectation expectation) {
        SimulatedHost host = world.host(expectation.host);
        long last = Expectation.NOT_YET;
        for (SimulatedHost observer : world.hosts) {
            if (observer != host && observer.runs() && !observer.isPaused(world.nowMs())) {
                long seen = host.downSeenMs[observer.index];
                if (seen == Expectation.NOT_YET) {
                    return;
                }
                last = Math.max(last, seen - expectation.fromMs);
            }
        }
        if (last != Expectation.NOT_YET) {
            world.tally().atAgents.add(last);
        }
    }

    private void causes(int host, List<Cause> causes) {
        for (SimulatedQuery query : world.queries) {
            Member member = query.shown(host);
            if (member != null
                    && member.upness() instanceof Upness.Down(_, Cause cause)
                    && !causes.contains(cause)) {
                world.tally().wrongCause++;
                example(
                        "query node %d shows %s as %s, expected %s"
                                .formatted(query.index, member.host(), cause, causes));
            }
        }
    }

    /// Whether all query nodes show the same.
    boolean allEqual() {
        List<String> first = facts(world.queries.getFirst());
        return world.queries.stream().allMatch(query -> facts(query).equals(first));
    }

    /// Whether every query node shows every running agent, and no other, as up.
    boolean allTrue() {
        for (SimulatedQuery query : world.queries) {
            query.state();
            for (SimulatedHost host : world.hosts) {
                Member member = query.shown(host.index);
                boolean up = member != null && member.isUp();
                if (up != host.runs()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<String> facts(SimulatedQuery query) {
        return query.state().members().stream()
                .map(m ->
                        m.host()
                                + m.incarnation()
                                + m.upness().label()
                                + m.services().stream().map(s -> s.health()).toList())
                .toList();
    }

    private void example(String what) {
        world.tally().example(world.nowMs() + " ms: " + what);
    }
}
