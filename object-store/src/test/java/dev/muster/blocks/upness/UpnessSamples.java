package dev.muster.blocks.upness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Runs to test with.
public final class UpnessSamples {
    /// 2026-11-22T14:00:00Z.
    public static final long T = 1_795_356_000_000L;

    public static final UpnessTarget HOST = UpnessTarget.ofHost("c1", "web-1");
    public static final UpnessTarget SERVICE = new UpnessTarget("c1", "web-1", "shop", "web-1:80");

    private UpnessSamples() {}

    /// A change that holds until the next.
    public static UpnessEntry entry(
            UpnessTarget target,
            long atMs,
            long decidedMs,
            UpnessState to,
            String cause,
            UpnessProvenance provenance) {
        return entry(target, atMs, decidedMs, 0, to, cause, provenance, 0);
    }

    public static UpnessEntry entry(
            UpnessTarget target,
            long atMs,
            long decidedMs,
            long untilMs,
            UpnessState to,
            String cause,
            UpnessProvenance provenance,
            long version) {
        return new UpnessEntry(
                target,
                "z1",
                "r7",
                atMs,
                decidedMs,
                untilMs,
                UpnessState.UNKNOWN,
                to,
                cause,
                cause.isEmpty() ? "" : "connection refused",
                provenance,
                version,
                to == UpnessState.DOWN ? List.of("web-2", "web-3") : List.of());
    }

    public static UpnessRun run(
            String observer, long fromMs, long untilMs, UpnessEntry... entries) {
        return new UpnessRun("c1", observer, 7, fromMs, untilMs, false, List.of(entries));
    }

    /// The death of a host as two others logged it: the agent's host is silent from T + 60 s on,
    /// and back at T + 90 s.
    public static List<UpnessRun> death() {
        List<UpnessRun> runs = new ArrayList<>();
        for (int i = 2; i <= 3; i++) {
            long lagMs = 100L * i;
            runs.add(
                    run(
                            "web-" + i,
                            T,
                            T + 7_200_000,
                            entry(
                                    HOST,
                                    T - 5000,
                                    T - 5000,
                                    UpnessState.UP,
                                    "",
                                    UpnessProvenance.OWN),
                            entry(
                                    SERVICE,
                                    T - 4000,
                                    T - 4000,
                                    UpnessState.UP,
                                    "",
                                    UpnessProvenance.OWN),
                            entry(
                                    HOST,
                                    T + 60_000 - lagMs,
                                    T + 62_600,
                                    UpnessState.DOWN,
                                    "host_down",
                                    UpnessProvenance.HOST),
                            entry(
                                    SERVICE,
                                    T + 60_000 - lagMs,
                                    T + 62_600,
                                    UpnessState.DOWN,
                                    "host_down",
                                    UpnessProvenance.HOST),
                            entry(
                                    HOST,
                                    T + 90_000 + lagMs,
                                    T + 90_000 + lagMs,
                                    UpnessState.UP,
                                    "",
                                    UpnessProvenance.OWN),
                            entry(
                                    SERVICE,
                                    T + 91_000,
                                    T + 91_000 + lagMs,
                                    UpnessState.UP,
                                    "",
                                    UpnessProvenance.OWN)));
        }
        return runs;
    }

    /// Anything that observers could have logged in the two hours from T on.
    public static List<UpnessRun> random(RandomGenerator random) {
        List<UpnessRun> runs = new ArrayList<>();
        Set<Long> starts = new HashSet<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            long fromMs = T + random.nextLong(3_000_000);
            long untilMs = fromMs + 1 + random.nextLong(3_000_000);
            List<UpnessEntry> entries = new ArrayList<>();
            for (UpnessTarget target : List.of(HOST, SERVICE)) {
                for (int n = random.nextInt(8); n > 0; n--) {
                    long atMs = fromMs - 5000 + random.nextLong(untilMs - fromMs + 5000);
                    if (starts.add(atMs)) {
                        entries.add(random(random, target, atMs));
                    }
                }
            }
            entries.sort(Comparator.comparingLong(UpnessEntry::decidedMs));
            runs.add(
                    new UpnessRun(
                            "c1",
                            "web-" + (1 + i),
                            1 + random.nextInt(3),
                            fromMs,
                            untilMs,
                            random.nextBoolean(),
                            entries));
        }
        return runs;
    }

    private static UpnessEntry random(RandomGenerator random, UpnessTarget target, long atMs) {
        UpnessState[] states = UpnessState.values();
        UpnessProvenance[] provenances = UpnessProvenance.values();
        long untilMs = random.nextInt(6) == 0 ? atMs + 1 + random.nextInt(100_000) : 0;
        return entry(
                target,
                atMs,
                atMs + random.nextInt(4000),
                Math.min(untilMs, T + 7_000_000),
                states[random.nextInt(states.length)],
                random.nextBoolean() ? "" : "agent_down",
                provenances[random.nextInt(provenances.length)],
                0);
    }
}
