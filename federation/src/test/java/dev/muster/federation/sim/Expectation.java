package dev.muster.federation.sim;

import dev.muster.federation.member.Member;
import java.util.Arrays;
import java.util.function.Predicate;

/// What every query node must come to show of a host after a fault. Confined to one thread.
final class Expectation {
    static final long NOT_YET = -1;

    final int host;
    final long fromMs;
    private final Predicate<Member> holds;
    private final long[] metMs;

    Expectation(int host, long fromMs, int queries, Predicate<Member> holds) {
        this.host = host;
        this.fromMs = fromMs;
        this.holds = holds;
        this.metMs = new long[queries];
        Arrays.fill(metMs, NOT_YET);
    }

    void look(SimulatedQuery query, long nowMs) {
        Member member = query.shown(host);
        if (metMs[query.index] == NOT_YET && member != null && holds.test(member)) {
            metMs[query.index] = nowMs;
        }
    }

    /// From the fault until the last query node showed it; [#NOT_YET] if one does not.
    long tookMs() {
        long last = 0;
        for (long met : metMs) {
            if (met == NOT_YET) {
                return NOT_YET;
            }
            last = Math.max(last, met - fromMs);
        }
        return last;
    }
}
