package dev.muster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Faults for real processes on hosts of their own, and how soon who knows; the same for Serf.
///
/// `FederationLab DIR JAVA ROOT [--agents N] [--cells N] [--queries N] [--rounds N] [--quiet
/// SECONDS] [--warm SECONDS] [--idle SECONDS] [--serf] [--only NAME,...] [--set key=value]...
/// [--soak 2h]`, to be run in a network namespace of its own.
final class FederationLab {
    private static final int WHOLE_SECONDS = 600;

    /// After a fault is mended nothing else happens for so long: within 10 s all are to say the
    /// same.
    private static final int SETTLE_MS = 12_000;

    /// A fault lasts so long at least, and one of a whole cell so long.
    private static final int HOLD_MS = 6_500;

    private static final int CELL_HOLD_MS = 17_000;

    /// How the threads begin that are there for the federation: Hazelcast's, the cell's, those of
    /// its history and of its stream to query nodes.
    private static final List<String> FEDERATION =
            List.of("hz.", "muster-cell", "muster-upness", "muster-fleet");

    private final Options options;
    private final LabNetwork network = new LabNetwork();
    private final LabTable table = new LabTable();
    private final LabEvents events;

    private record Options(
            Path directory,
            String java,
            Path root,
            int agents,
            int cells,
            int queries,
            int rounds,
            int quietSeconds,
            int warmSeconds,
            int idleSeconds,
            boolean serf,
            boolean muster,
            Set<String> only,
            List<String> settings,
            Duration soak) {
        static Options of(String[] args) {
            int agents = 12;
            int cells = 1;
            int queries = 2;
            int rounds = 3;
            int quiet = 30;
            int warm = 0;
            int idle = 20;
            boolean serf = false;
            boolean muster = true;
            Set<String> only = Set.of();
            List<String> settings = new ArrayList<>();
            Duration soak = Duration.ZERO;
            for (int i = 3; i < args.length; i++) {
                switch (args[i]) {
                    case "--agents" -> agents = Integer.parseInt(args[++i]);
                    case "--cells" -> cells = Integer.parseInt(args[++i]);
                    case "--queries" -> queries = Integer.parseInt(args[++i]);
                    case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                    case "--quiet" -> quiet = Integer.parseInt(args[++i]);
                    case "--warm" -> warm = Integer.parseInt(args[++i]);
                    case "--idle" -> idle = Integer.parseInt(args[++i]);
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
                    cells,
                    queries,
                    rounds,
                    quiet,
                    warm,
                    idle,
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
            return new MusterFleet(agents, cells, queries, product, directory, settings);
        }
    }

    private FederationLab(Options options) {
        this.options = options;
        events = new LabEvents(options.directory.resolve("events").resolve("lab.jsonl"));
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
                new LabSoak(fleet, network, events, options.soak).run();
            } finally {
                events.close();
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
        table.print(options.agents);
    }

    private void play(LabFleet fleet) throws IOException, InterruptedException {
        note("%s: starting %d agents", fleet.name(), fleet.size);
        try {
            long began = System.nanoTime();
            // what has not started yet is down in truth, for who knows it from before
            broken(fleet, "service_dead", fleet.targets(hosts(fleet).boxed().toList()));
            fleet.startAll();
            if (fleet.awaitWhole(WHOLE_SECONDS) < 0) {
                note("%s: never whole", fleet.name());
                table.put("whole after start", fleet, "never");
                return;
            }
            table.put(
                    "whole after start of all", fleet, "%.0f s", (System.nanoTime() - began) / 1e9);
            mended(fleet);
            Thread.sleep(SETTLE_MS);
            idle(fleet);
            faults(fleet);
            quiet(fleet);
        } finally {
            network.heal();
            events.close();
            fleet.stopAll();
        }
    }

    private void idle(LabFleet fleet) throws IOException, InterruptedException {
        if (!wanted("idle")) {
            return;
        }
        Thread.sleep(options.warmSeconds * 1000L);
        double cpu = fleet.cpuSeconds();
        double federation = fleet.cpuSeconds(FEDERATION);
        long bytes = bytes(fleet);
        long began = System.nanoTime();
        Thread.sleep(options.idleSeconds * 1000L);
        double seconds = (System.nanoTime() - began) / 1e9;
        table.put(
                "idle: sent, per agent",
                fleet,
                "%.1f KB/s",
                (bytes(fleet) - bytes) / 1000.0 / seconds / fleet.size);
        table.put(
                "idle: CPU, per agent",
                fleet,
                "%.2f %%",
                (fleet.cpuSeconds() - cpu) * 100 / seconds / fleet.size);
        table.put(
                "idle: CPU of the threads of the federation, per agent",
                fleet,
                "%.2f %%",
                (fleet.cpuSeconds(FEDERATION) - federation) * 100 / seconds / fleet.size);
        table.put("idle: RSS, per agent", fleet, "%.0f MB", fleet.residentMb() / fleet.size);
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
            kill("agent killed (kill -9)", fleet, size - round % (size - 3));
        }
        for (int round = 0; round < rounds && wanted("blackhole"); round++) {
            cutOff("host cut off on both ways", fleet, List.of(size - 1 - round % (size - 4)));
        }
        if (wanted("rack") && options.cells == 1) {
            List<Integer> rack =
                    hosts(fleet).filter(host -> LabFleet.rack(host).equals("r4")).boxed().toList();
            cutOff("rack of a fifth cut off", fleet, rack);
        }
        if (wanted("cell") && options.cells > 1) {
            List<Integer> cell =
                    hosts(fleet).filter(host -> fleet.isLastCell(host)).boxed().toList();
            cutOff("whole cell cut off", fleet, cell);
        }
        if (wanted("master")) {
            kill("first agent (Hazelcast's master) killed", fleet, 1);
        }
        if (fleet instanceof MusterFleet muster) {
            for (int round = 0; round < rounds && wanted("service"); round++) {
                serviceStop(muster, size - round);
            }
            for (int round = 0; round < rounds && wanted("restart"); round++) {
                restart(muster, size - 2 - round % (size - 3));
            }
        }
    }

    private static IntStream hosts(LabFleet fleet) {
        return IntStream.rangeClosed(1, fleet.size);
    }

    private void kill(String what, LabFleet fleet, int host)
            throws IOException, InterruptedException {
        known(what, fleet, "agent_dead", List.of(host), () -> fleet.agents[host].signal("KILL"));
    }

    private void cutOff(String what, LabFleet fleet, List<Integer> hosts)
            throws IOException, InterruptedException {
        known(what, fleet, "host_dead", hosts, () -> network.blackhole(hosts));
    }

    private void broken(LabFleet fleet, String kind, List<LabEvents.Target> targets) {
        if (fleet instanceof MusterFleet) {
            events.broken(kind, targets);
        }
    }

    private void mended(LabFleet fleet) {
        if (fleet instanceof MusterFleet) {
            events.mended();
        }
    }

    private void known(String what, LabFleet fleet, String kind, List<Integer> hosts, Fault fault)
            throws IOException, InterruptedException {
        List<String> targets = hosts.stream().map(LabFleet::host).toList();
        List<String> agents = fleet.observers(hosts);
        long began = System.nanoTime();
        broken(fleet, kind, fleet.targets(hosts));
        fault.happens();
        long deadline = began + 60_000_000_000L;
        while (System.nanoTime() < deadline
                && !(fleet.record.allSee(agents, targets, LabRecord.DOWN)
                        && fleet.record.allSee(fleet.queries(), targets, LabRecord.DOWN))) {
            Thread.sleep(20);
        }
        // what ends before its bound says nothing to who reads the logs
        long heldMs = (System.nanoTime() - began) / 1_000_000;
        Thread.sleep(Math.max(1000, (agents.isEmpty() ? CELL_HOLD_MS : HOLD_MS) - heldMs));
        times(what + ": every query node", fleet, fleet.queries(), targets, began);
        times(what + ": every agent", fleet, agents, targets, began);
        if (!fleet.queries().isEmpty()) {
            table.put(
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
            table.put(what, fleet, "%d of %d never", all - times.size(), all);
            return;
        }
        long last = times.stream().mapToLong(Long::longValue).max().orElse(0);
        table.put(what, fleet, "%.2f", last / 1000.0);
    }

    private void falseEvents(String what, LabFleet fleet, long began, List<String> targets) {
        List<String> wrong =
                fleet.record.falseSince(began, new TreeSet<>(targets)).stream()
                        .filter(line -> !line.contains("/"))
                        .toList();
        wrong.stream().limit(8).forEach(line -> note("%s: %s: FALSE %s", fleet.name(), what, line));
        table.put(what + ": false events", fleet, "%d", wrong.size());
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
            table.put(what + ": whole again", fleet, "never");
        }
        mended(fleet);
        Thread.sleep(SETTLE_MS);
    }

    private void serviceStop(MusterFleet fleet, int host) throws IOException, InterruptedException {
        String target = MusterFleet.service(host);
        long began = System.nanoTime();
        events.broken("service_dead", List.of(fleet.serviceTarget(host)));
        fleet.killService(host);
        long deadline = began + 20_000_000_000L;
        while (System.nanoTime() < deadline
                && !fleet.record.allSee(fleet.queries(), List.of(target), LabRecord.DOWN)) {
            Thread.sleep(10);
        }
        times("service stopped: every query node", fleet, fleet.queries(), List.of(target), began);
        fleet.startService(host);
        awaitUp(fleet, target);
        events.mended();
        Thread.sleep(SETTLE_MS);
    }

    private static void awaitUp(MusterFleet fleet, String service) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            if (fleet.record.allSee(fleet.queries(), List.of(service), LabRecord.UP)) {
                return;
            }
            Thread.sleep(100);
        }
    }

    /// An agent is told to end and started again: its service is to stay known throughout.
    private void restart(MusterFleet fleet, int host) throws IOException, InterruptedException {
        long began = System.nanoTime();
        events.broken("announced", fleet.targets(List.of(host)));
        fleet.agents[host].end("TERM");
        double ended = (System.nanoTime() - began) / 1e9;
        fleet.start(host);
        fleet.awaitWhole(WHOLE_SECONDS);
        events.mended();
        Thread.sleep(SETTLE_MS);
        table.put("announced restart: ended after", fleet, "%.1f s", ended);
        table.put(
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
            nothing("one link cut", fleet, () -> network.cut(List.of(1), List.of(size)));
        }
        if (wanted("split") && options.cells == 1) {
            List<Integer> half = IntStream.rangeClosed(1, size / 2).boxed().toList();
            List<Integer> others = IntStream.rangeClosed(size / 2 + 1, size).boxed().toList();
            nothing("50/50 split", fleet, () -> network.cut(half, others));
        }
        if (wanted("zones") && options.cells > 1) {
            List<Integer> last = hosts(fleet).filter(h -> fleet.isLastCell(h)).boxed().toList();
            List<Integer> others = hosts(fleet).filter(h -> !fleet.isLastCell(h)).boxed().toList();
            nothing("last cell cut from the others", fleet, () -> network.cut(last, others));
        }
        for (int percent : new int[] {10, 20, 30}) {
            if (wanted("loss") || options.only.contains("loss-" + percent)) {
                nothing(percent + " % loss", fleet, () -> network.loss(percent));
            }
        }
        if (wanted("stop")) {
            String what = "agent stopped for 10 s (SIGSTOP)";
            nothing(what, fleet, "agent_paused", List.of(size), () -> stop(fleet, size));
        }
        if (wanted("udp")) {
            nothing("UDP blocked", fleet, network::blockDatagrams);
        }
    }

    private static void stop(LabFleet fleet, int host) throws IOException, InterruptedException {
        fleet.agents[host].signal("STOP");
        Thread.sleep(10_000);
        fleet.agents[host].signal("CONT");
    }

    private void nothing(String what, LabFleet fleet, Fault fault)
            throws IOException, InterruptedException {
        nothing(what, fleet, "network", List.of(), fault);
    }

    private void nothing(
            String what, LabFleet fleet, String kind, List<Integer> really, Fault fault)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        broken(
                fleet,
                kind,
                really.isEmpty() ? List.of(LabEvents.Target.network()) : fleet.targets(really));
        fault.happens();
        Thread.sleep(options.quietSeconds * 1000L);
        List<String> targets = really.stream().map(LabFleet::host).toList();
        falseEvents(what, fleet, began, targets);
        network.heal();
        mended(fleet);
        double seconds = fleet.awaitWhole(WHOLE_SECONDS);
        table.put(what + ": whole after the end", fleet, seconds < 0 ? "never" : "%.1f s", seconds);
        Thread.sleep(SETTLE_MS);
        Optional<Boolean> agree = fleet.queriesAgree();
        if (agree.isPresent()) {
            table.put(
                    what + ": query nodes by their logs",
                    fleet,
                    agree.get() ? "equal" : "DIFFERENT");
        }
    }

    private boolean wanted(String name) {
        return options.only.isEmpty() || options.only.contains(name);
    }

    static void note(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}
