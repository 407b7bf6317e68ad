package dev.muster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Faults for real processes on hosts of their own, and how soon who knows; the same for Serf.
///
/// `FederationLab DIR JAVA ROOT [--agents N] [--queries N] [--rounds N] [--quiet SECONDS] [--serf]
/// [--only NAME,...] [--set key=value]... [--soak 2h]`, to be run in a network namespace of its
/// own.
final class FederationLab {
    private static final int WHOLE_SECONDS = 180;

    private final Options options;
    private final LabNetwork network = new LabNetwork();
    private final Map<String, Map<String, String>> table = new LinkedHashMap<>();

    private record Options(
            Path directory,
            String java,
            Path root,
            int agents,
            int queries,
            int rounds,
            int quietSeconds,
            boolean serf,
            boolean muster,
            Set<String> only,
            List<String> settings,
            Duration soak) {
        static Options of(String[] args) {
            int agents = 12;
            int queries = 2;
            int rounds = 3;
            int quiet = 30;
            boolean serf = false;
            boolean muster = true;
            Set<String> only = Set.of();
            List<String> settings = new ArrayList<>();
            Duration soak = Duration.ZERO;
            for (int i = 3; i < args.length; i++) {
                switch (args[i]) {
                    case "--agents" -> agents = Integer.parseInt(args[++i]);
                    case "--queries" -> queries = Integer.parseInt(args[++i]);
                    case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                    case "--quiet" -> quiet = Integer.parseInt(args[++i]);
                    case "--serf" -> serf = true;
                    case "--serf-only" -> {
                        serf = true;
                        muster = false;
                    }
                    case "--only" -> only = Set.of(args[++i].split(","));
                    case "--set" -> settings.add(args[++i]);
                    case "--soak" ->
                            soak = Duration.parse("PT" + args[++i].toUpperCase(Locale.ROOT));
                    default -> throw new IllegalArgumentException("unknown option: " + args[i]);
                }
            }
            return new Options(
                    Path.of(args[0]),
                    args[1],
                    Path.of(args[2]),
                    agents,
                    queries,
                    rounds,
                    quiet,
                    serf,
                    muster,
                    only,
                    settings,
                    soak);
        }

        MusterFleet muster(String classes) {
            var product =
                    new MusterFleet.Product(
                            java,
                            classes,
                            root.resolve("src/launcher/jvm/agent.flags"),
                            root.resolve("agent/app/target/quarkus-app/quarkus-run.jar"),
                            root.resolve("src/launcher/jvm/query.flags"),
                            root.resolve("src/target/quarkus-app/quarkus-run.jar"));
            return new MusterFleet(agents, queries, product, directory, settings);
        }
    }

    private FederationLab(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var lab = new FederationLab(Options.of(args));
        lab.run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        network.create(options.agents + options.queries);
        Files.createDirectories(options.directory);
        if (!options.soak.isZero()) {
            MusterFleet fleet = options.muster(System.getProperty("java.class.path"));
            try {
                new LabSoak(fleet, network, options.soak).run();
            } finally {
                fleet.stopAll();
            }
            return;
        }
        if (options.muster) {
            play(options.muster(System.getProperty("java.class.path")));
        }
        if (options.serf) {
            play(new SerfFleet(options.agents, options.directory));
        }
        print();
    }

    private void play(LabFleet fleet) throws IOException, InterruptedException {
        note("%s: starting %d agents", fleet.name(), fleet.size);
        try {
            long began = System.nanoTime();
            fleet.startAll();
            if (fleet.awaitWhole(WHOLE_SECONDS) < 0) {
                note("%s: never whole", fleet.name());
                put("whole after start", fleet, "never");
                return;
            }
            put("whole after start of all", fleet, "%.0f s", (System.nanoTime() - began) / 1e9);
            Thread.sleep(10_000);
            idle(fleet);
            faults(fleet);
            quiet(fleet);
        } finally {
            network.heal();
            fleet.stopAll();
        }
    }

    private void idle(LabFleet fleet) throws IOException, InterruptedException {
        if (!wanted("idle")) {
            return;
        }
        double cpu = fleet.cpuSeconds();
        long bytes = bytes(fleet);
        long began = System.nanoTime();
        Thread.sleep(20_000);
        double seconds = (System.nanoTime() - began) / 1e9;
        put(
                "idle: sent, per agent",
                fleet,
                "%.1f KB/s",
                (bytes(fleet) - bytes) / 1000.0 / seconds / fleet.size);
        put(
                "idle: CPU, per agent",
                fleet,
                "%.2f %%",
                (fleet.cpuSeconds() - cpu) * 100 / seconds / fleet.size);
        put("idle: RSS, per agent", fleet, "%.0f MB", fleet.residentMb() / fleet.size);
    }

    private static long bytes(LabFleet fleet) throws IOException {
        long all = 0;
        for (int host = 1; host <= fleet.size; host++) {
            all += LabNetwork.sentBytes(host);
        }
        return all;
    }

    private interface Fault {
        void happens() throws IOException, InterruptedException;
    }

    /// Faults that are to be known.
    private void faults(LabFleet fleet) throws IOException, InterruptedException {
        int size = fleet.size;
        int rounds = options.rounds;
        for (int round = 0; round < rounds && wanted("kill"); round++) {
            int host = size - round % (size - 3);
            known(
                    "agent killed (kill -9)",
                    fleet,
                    List.of(host),
                    () -> fleet.agents[host].signal("KILL"));
        }
        for (int round = 0; round < rounds && wanted("blackhole"); round++) {
            int host = size - 1 - round % (size - 4);
            known(
                    "host cut off on both ways",
                    fleet,
                    List.of(host),
                    () -> network.blackhole(List.of(host)));
        }
        if (wanted("rack")) {
            List<Integer> rack =
                    IntStream.rangeClosed(1, size)
                            .filter(host -> LabFleet.rack(host).equals("r4"))
                            .boxed()
                            .toList();
            known("rack of a fifth cut off", fleet, rack, () -> network.blackhole(rack));
        }
        if (wanted("master")) {
            known(
                    "first agent (Hazelcast's master) killed",
                    fleet,
                    List.of(1),
                    () -> fleet.agents[1].signal("KILL"));
        }
        if (fleet instanceof MusterFleet muster) {
            for (int round = 0; round < rounds && wanted("service"); round++) {
                serviceStop(muster, size - round);
            }
            if (wanted("restart")) {
                restart(muster, size - 2);
            }
        }
    }

    private void known(String what, LabFleet fleet, List<Integer> hosts, Fault fault)
            throws IOException, InterruptedException {
        List<String> targets = hosts.stream().map(LabFleet::host).toList();
        List<String> agents = fleet.observers();
        agents.removeAll(targets);
        long began = System.nanoTime();
        fault.happens();
        long deadline = began + 60_000_000_000L;
        while (System.nanoTime() < deadline
                && !(fleet.record.allSee(agents, targets, LabRecord.DOWN)
                        && fleet.record.allSee(fleet.queries(), targets, LabRecord.DOWN))) {
            Thread.sleep(20);
        }
        Thread.sleep(1000);
        times(what + ": every query node", fleet, fleet.queries(), targets, began);
        times(what + ": every agent", fleet, agents, targets, began);
        if (!fleet.queries().isEmpty()) {
            put(
                    what + ": shown as",
                    fleet,
                    "%s",
                    fleet.record.notes(fleet.queries(), targets.getFirst()));
        }
        falseEvents(what, fleet, began, targets);
        mend(what, fleet);
    }

    private void times(
            String what, LabFleet fleet, List<String> observers, List<String> targets, long began) {
        if (observers.isEmpty()) {
            return;
        }
        List<Long> times = fleet.record.downAfterMs(observers, targets, began);
        int all = observers.size() * targets.size();
        if (times.size() < all) {
            put(what, fleet, "%d of %d never", all - times.size(), all);
            return;
        }
        long last = times.stream().mapToLong(Long::longValue).max().orElse(0);
        put(what, fleet, "%.2f", last / 1000.0);
    }

    private void falseEvents(String what, LabFleet fleet, long began, List<String> targets) {
        List<String> wrong =
                fleet.record.falseSince(began, new TreeSet<>(targets)).stream()
                        .filter(line -> !line.contains("/"))
                        .toList();
        wrong.stream().limit(8).forEach(line -> note("%s: %s: FALSE %s", fleet.name(), what, line));
        put(what + ": false events", fleet, "%d", wrong.size());
    }

    /// Ends the fault and waits until all is as before.
    private void mend(String what, LabFleet fleet) throws IOException, InterruptedException {
        network.heal();
        for (int host = 1; host <= fleet.size; host++) {
            if (!fleet.agents[host].runs()) {
                fleet.start(host);
            }
        }
        double seconds = fleet.awaitWhole(WHOLE_SECONDS);
        note("%s: %s: whole again after %.1f s", fleet.name(), what, seconds);
        if (seconds < 0) {
            put(what + ": whole again", fleet, "never");
        }
        Thread.sleep(6000);
    }

    private void serviceStop(MusterFleet fleet, int host) throws IOException, InterruptedException {
        String target = MusterFleet.service(host);
        long began = System.nanoTime();
        fleet.killService(host);
        long deadline = began + 20_000_000_000L;
        while (System.nanoTime() < deadline
                && !fleet.record.allSee(fleet.queries(), List.of(target), LabRecord.DOWN)) {
            Thread.sleep(10);
        }
        times("service stopped: every query node", fleet, fleet.queries(), List.of(target), began);
        fleet.startService(host);
        Thread.sleep(5000);
    }

    /// An agent is told to end and started again: its service is to stay known throughout.
    private void restart(MusterFleet fleet, int host) throws IOException, InterruptedException {
        long began = System.nanoTime();
        fleet.agents[host].end("TERM");
        double ended = (System.nanoTime() - began) / 1e9;
        fleet.start(host);
        fleet.awaitWhole(WHOLE_SECONDS);
        Thread.sleep(2000);
        put("announced restart: ended after", fleet, "%.1f s", ended);
        put(
                "announced restart: service not up at a query node",
                fleet,
                "%.1f s",
                fleet.record.notUpSeconds(fleet.queries(), MusterFleet.service(host), began));
        falseEvents("announced restart", fleet, began, List.of());
    }

    /// Faults that nobody is to be called down for.
    private void quiet(LabFleet fleet) throws IOException, InterruptedException {
        int size = fleet.size;
        if (wanted("link")) {
            nothing("one link cut", fleet, List.of(), () -> network.cut(List.of(1), List.of(size)));
        }
        if (wanted("split")) {
            List<Integer> half = IntStream.rangeClosed(1, size / 2).boxed().toList();
            List<Integer> others = IntStream.rangeClosed(size / 2 + 1, size).boxed().toList();
            nothing("50/50 split", fleet, List.of(), () -> network.cut(half, others));
        }
        for (int percent : new int[] {10, 20, 30}) {
            if (wanted("loss")) {
                nothing(percent + " % loss", fleet, List.of(), () -> network.loss(percent));
            }
        }
        if (wanted("stop")) {
            nothing(
                    "agent stopped for 10 s (SIGSTOP)",
                    fleet,
                    List.of(size),
                    () -> {
                        fleet.agents[size].signal("STOP");
                        Thread.sleep(10_000);
                        fleet.agents[size].signal("CONT");
                    });
        }
        if (wanted("udp")) {
            nothing("UDP blocked", fleet, List.of(), network::blockDatagrams);
        }
    }

    private void nothing(String what, LabFleet fleet, List<Integer> really, Fault fault)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        fault.happens();
        Thread.sleep(options.quietSeconds * 1000L);
        List<String> targets = really.stream().map(LabFleet::host).toList();
        falseEvents(what, fleet, began, targets);
        network.heal();
        double seconds = fleet.awaitWhole(WHOLE_SECONDS);
        put(what + ": whole after the end", fleet, seconds < 0 ? "never" : "%.1f s", seconds);
        Thread.sleep(5000);
        Optional<Boolean> agree = fleet.queriesAgree();
        if (agree.isPresent()) {
            put(what + ": query nodes by their logs", fleet, agree.get() ? "equal" : "DIFFERENT");
        }
    }

    private boolean wanted(String name) {
        return options.only.isEmpty() || options.only.contains(name);
    }

    private void put(String what, LabFleet fleet, String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        note("%s: %s: %s", fleet.name(), what, text);
        table.computeIfAbsent(what, _ -> new LinkedHashMap<>())
                .merge(fleet.name(), text, (a, b) -> a + ", " + b);
    }

    private void print() {
        System.out.printf(
                "| %d agents, times in s | Muster | Serf | Serf / Muster |%n|---|---|---|---|%n",
                options.agents);
        table.forEach((what, by) -> {
            String muster = summary(by.getOrDefault("Muster", ""));
            String serf = summary(by.getOrDefault("Serf", ""));
            System.out.printf("| %s | %s | %s | %s |%n", what, muster, serf, ratio(by));
        });
    }

    /// Several rounds as median and highest.
    private static String summary(String values) {
        String[] each = values.split(", ");
        if (each.length < 2 || !Arrays.stream(each).allMatch(v -> v.matches("[0-9.]+"))) {
            return Arrays.stream(each).distinct().collect(Collectors.joining(", "));
        }
        double[] sorted = Arrays.stream(each).mapToDouble(Double::parseDouble).sorted().toArray();
        boolean whole = Arrays.stream(each).allMatch(v -> v.matches("[0-9]+"));
        return whole
                ? String.format(Locale.ROOT, "%.0f", Arrays.stream(sorted).sum())
                : String.format(
                        Locale.ROOT,
                        "%.2f, highest %.2f",
                        sorted[sorted.length / 2],
                        sorted[sorted.length - 1]);
    }

    private static String ratio(Map<String, String> by) {
        double muster = median(by.get("Muster"));
        double serf = median(by.get("Serf"));
        return muster > 0 && serf > 0 ? String.format(Locale.ROOT, "%.1f", serf / muster) : "";
    }

    private static double median(String values) {
        if (values == null || !values.matches("[0-9. ,]+ ?[a-zA-Z%/]*")) {
            return 0;
        }
        double[] sorted =
                Arrays.stream(values.split(", "))
                        .mapToDouble(v -> Double.parseDouble(v.replaceAll("[^0-9.]", "")))
                        .sorted()
                        .toArray();
        return sorted[sorted.length / 2];
    }

    static void note(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}
