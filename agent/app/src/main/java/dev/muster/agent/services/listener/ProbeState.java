package dev.muster.agent.services.listener;

/// What is known of a listener's answers, and when it is asked again. Immutable.
///
/// @param result the last
/// @param attempts how often it was asked
/// @param dueMs when it is asked again, Unix time; [#NEVER] for never while its socket is open
/// @param host the address that answered, or was asked last
record ProbeState(Probe.Result result, int attempts, long dueMs, String host) {
    /*
     * A service that starts may open its port before it answers, so one that gives no answer is
     * asked again soon, then ever more rarely. One that answers without metrics, as most do, is asked
     * again after minutes, then hours: it may be given another version of its program only with
     * another socket. One that speaks no HTTP is left alone: some log every stranger.
     */
    static final long NEVER = Long.MAX_VALUE;

    private static final long NO_ANSWER_MS = 5_000;
    private static final long NO_METRICS_MS = 60_000;
    private static final long NO_ANSWER_LIMIT_MS = 3_600_000;
    private static final long NO_METRICS_LIMIT_MS = 6 * 3_600_000;

    static final ProbeState UNASKED =
            new ProbeState(new Probe.Result.NoAnswer("not asked yet"), 0, 0, "");

    boolean hasMetrics() {
        return result instanceof Probe.Result.Metrics;
    }

    ProbeState then(Probe.Result next, String askedHost, long nowMs) {
        int count = attempts + 1;
        long dueMs =
                switch (next) {
                    case Probe.Result.Metrics _, Probe.Result.NoHttp _ -> NEVER;
                    case Probe.Result.NoAnswer _ ->
                            nowMs + pause(NO_ANSWER_MS, count, NO_ANSWER_LIMIT_MS);
                    case Probe.Result.NoMetrics _ ->
                            nowMs + pause(NO_METRICS_MS, count, NO_METRICS_LIMIT_MS);
                };
        return new ProbeState(next, count, dueMs, askedHost);
    }

    private static long pause(long firstMs, int count, long limitMs) {
        long pauseMs = firstMs;
        for (int i = 1; i < count && pauseMs < limitMs; i++) {
            pauseMs *= 4;
        }
        return Math.min(pauseMs, limitMs);
    }
}
