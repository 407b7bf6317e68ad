package dev.muster.federation.sim;

import dev.muster.federation.detect.DetectorConfig;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Plays the promises in a whole fleet, cell after cell, and prints a table.
///
/// Mixed, each cell gets one of the scenarios, or some one after the other, by chance: each promise
/// is held against some cells in one run, against many if it is one of a share of all times.
/// Otherwise every cell gets every scenario named.
///
/// `FleetRun [--seed N] [--cells N] [--hosts N] [--services N] [--queries N] [--faults N]
/// [--minutes N] [--only CELL] [--scenario NAME,...|mixed|each|all|none]`
public final class FleetRun {
    private static final int HOSTS_A_CELL = 44;
    private static final int IDLE_MS = 30_000;
    private static final int FAULTS = 1;
    private static final int MINUTES = 24 * 60;

    /// @param hosts in all cells together
    /// @param services on each host
    /// @param queries query nodes
    /// @param faults how many scenarios each cell gets, mixed; 0 where each cell gets all of them
    /// @param minutes after which no further cell is begun, mixed
    /// @param only the one cell that is played, mixed, with what it gets among all; -1 for each
    /// @param all whether the idle cell and the directory are looked at too
    private record Options(
            long seed,
            int cells,
            int hosts,
            int services,
            int queries,
            List<Scenario> scenarios,
            int faults,
            int minutes,
            int only,
            boolean all) {
        static Options of(String[] args) {
            long seed = System.nanoTime() & 0xFFFFFF;
            int cells = 758;
            int hosts = 0;
            int services = 30;
            int queries = 3;
            int faults = FAULTS;
            int minutes = MINUTES;
            int only = -1;
            String scenarios = "mixed";
            for (int i = 0; i + 1 < args.length; i += 2) {
                String value = args[i + 1];
                switch (args[i]) {
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--cells" -> cells = Integer.parseInt(value);
                    case "--hosts" -> hosts = Integer.parseInt(value);
                    case "--services" -> services = Integer.parseInt(value);
                    case "--queries" -> queries = Integer.parseInt(value);
                    case "--faults" -> faults = Integer.parseInt(value);
                    case "--minutes" -> minutes = Integer.parseInt(value);
                    case "--only" -> only = Integer.parseInt(value);
                    case "--scenario" -> scenarios = value;
                    default -> throw new IllegalArgumentException("unknown option: " + args[i]);
                }
            }
            int hostsInAll = hosts > 0 ? hosts : cells == 758 ? 33_334 : cells * HOSTS_A_CELL;
            boolean mixed = scenarios.equals("mixed");
            return new Options(
                    seed,
                    cells,
                    hostsInAll,
                    services,
                    queries,
                    mixed || scenarios.equals("each") ? usual() : named(scenarios),
                    mixed ? faults : 0,
                    minutes,
                    only,
                    only < 0 && List.of("mixed", "each", "all", "none").contains(scenarios));
        }

        private static List<Scenario> usual() {
            return Scenarios.all().stream().filter(s -> !s.name().endsWith("-long")).toList();
        }

        private static List<Scenario> named(String names) {
            return names.equals("all")
                    ? Scenarios.all()
                    : names.equals("none")
                            ? List.of()
                            : List.of(names.split(",")).stream().map(Scenarios::named).toList();
        }

        int hostsOf(int cell) {
            return hosts / cells + (cell < hosts % cells ? 1 : 0);
        }
    }

    private final Options options;
    private final PrintStream out;

    private FleetRun(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /// Plays, and ends with 1 if a promise was broken.
    public static void main(String[] args) {
        var run = new FleetRun(Options.of(args), System.out);
        if (!run.play()) {
            System.exit(1);
        }
    }

    private boolean play() {
        out.printf(
                "seed=%d, %d cells, %,d hosts, %,d services, %d query nodes%n%n",
                options.seed,
                options.cells,
                options.hosts,
                options.hosts * options.services,
                options.queries);
        out.println(
                "| scenario | promise | bound | p50, s | p99, s | max, s | faults | not shown |"
                        + " false events | wrong cause | every agent p99, s | host-hours | KB/s per"
                        + " agent | CPU s | kept |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        boolean kept = true;
        if (options.faults > 0) {
            kept = playMixed();
        } else {
            for (Scenario scenario : options.scenarios) {
                kept &= play(scenario);
            }
        }
        if (options.all) {
            idle();
            kept &= new DirectoryRun(options.seed, options.cells, out).play();
        }
        return kept;
    }

    /// What a full cell costs while nothing happens.
    private void idle() {
        var world = new CellWorld(options.seed, plan("idle", 64));
        world.run(20_000); // for the compiler
        world.take();
        long began = cpuNanos();
        world.run(IDLE_MS);
        double cpu = (cpuNanos() - began) / 1e6 / IDLE_MS;
        Tally tally = world.take();
        double agentSeconds = tally.agentMs / 1000.0;
        out.printf(
                Locale.ROOT,
                "%nA cell of 64, idle: %.1f KB/s of datagrams and %.1f KB/s on the bus sent by each"
                    + " agent, %.2f KB/s of streams received by each query node; %.2f %% of a core"
                    + " for the detector of an agent, its surroundings included.%n",
                tally.datagramBytes / 1000.0 / agentSeconds,
                tally.busBytes / 1000.0 / agentSeconds,
                tally.streamBytes / 1.0 / IDLE_MS / options.queries,
                100 * cpu / 64);
    }

    private boolean play(Scenario scenario) {
        var tally = new Tally();
        var seeds = new SplittableRandom(options.seed ^ scenario.name().hashCode());
        for (int cell = 0; cell < options.cells; cell++) {
            long began = cpuNanos();
            Tally played = scenario.play(world(seeds.nextLong(), cell));
            played.cpuNanos = cpuNanos() - began;
            tally.add(played);
            if (cell % 50 == 49) {
                System.err.printf("%s: %d of %d cells%n", scenario.name(), cell + 1, options.cells);
            }
        }
        boolean kept = scenario.kept(tally);
        row(scenario, tally, kept);
        tally.examples.forEach(example -> out.println("<!-- " + example + " -->"));
        return kept;
    }

    /// Deals the scenarios out to the cells, so that each comes about as often as the others.
    private boolean playMixed() {
        var seeds = new SplittableRandom(options.seed);
        Map<Scenario, Tally> tallies = new LinkedHashMap<>();
        options.scenarios.forEach(scenario -> tallies.put(scenario, new Tally()));
        List<Scenario> pack = new ArrayList<>();
        long begunNanos = System.nanoTime();
        long begunCpu = cpuNanos();
        int cells = 0;
        int hosts = 0;
        while (cells < options.cells
                && System.nanoTime() - begunNanos < TimeUnit.MINUTES.toNanos(options.minutes)) {
            int cell = cells++;
            boolean plays = options.only < 0 || options.only == cell;
            hosts += plays ? options.hostsOf(cell) : 0;
            long seed = seeds.nextLong();
            CellWorld shared = plays ? world(seed, cell) : null;
            for (int i = 0; i < options.faults; i++) {
                if (pack.isEmpty()) {
                    options.scenarios.forEach(s -> pack.addAll(Collections.nCopies(s.copies(), s)));
                    Collections.shuffle(pack, new Random(seeds.nextLong()));
                }
                Scenario scenario = pack.removeLast();
                // what is held against a log needs one without faults of others
                long ownSeed = scenario.logs() ? seeds.nextLong() : 0;
                if (shared == null) {
                    continue;
                }
                long began = cpuNanos();
                Tally played = scenario.play(scenario.logs() ? world(ownSeed, cell) : shared);
                played.cpuNanos = cpuNanos() - began;
                Objects.requireNonNull(tallies.get(scenario)).add(played);
            }
            if (cell % 50 == 49) {
                System.err.printf("%d of %d cells%n", cell + 1, options.cells);
            }
        }
        boolean kept = true;
        for (Map.Entry<Scenario, Tally> played : tallies.entrySet()) {
            boolean held = played.getKey().kept(played.getValue());
            row(played.getKey(), played.getValue(), held);
            kept &= held;
        }
        tallies.values().stream()
                .flatMap(tally -> tally.examples.stream())
                .forEach(example -> out.println("<!-- " + example + " -->"));
        out.printf(
                Locale.ROOT,
                "%nPlayed: %d of %d cells, %,d hosts, %,d services; %.0f s of CPU.%n",
                cells,
                options.cells,
                hosts,
                hosts * options.services,
                (cpuNanos() - begunCpu) / 1e9);
        return kept && cells > 0;
    }

    private CellWorld world(long seed, int cell) {
        return new CellWorld(seed, plan("c%04d".formatted(cell), options.hostsOf(cell)));
    }

    private CellWorld.Plan plan(String name, int size) {
        return new CellWorld.Plan(
                name, size, options.services, options.queries, DetectorConfig.defaults());
    }

    private void row(Scenario scenario, Tally tally, boolean kept) {
        Latencies times = scenario.bound().of().of(tally);
        double seconds = tally.agentMs / 1000.0;
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %d | %d | %d | %d | %s | %.1f | %.1f | %.0f | %s"
                        + " |%n",
                scenario.name(),
                scenario.promise(),
                scenario.bound().text(),
                seconds(times, 0.5),
                seconds(times, 0.99),
                seconds(times, 1),
                times.count(),
                tally.missed,
                tally.falseEvents(),
                tally.wrongCause,
                seconds(tally.atAgents, 0.99),
                seconds / 3600,
                (tally.datagramBytes + tally.busBytes) / 1000.0 / seconds,
                tally.cpuNanos / 1e9,
                tally.agentMs == 0 ? "not played" : kept ? "yes" : "**no**");
        out.flush();
    }

    private static String seconds(Latencies times, double share) {
        return times.count() == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", times.at(share) / 1000.0);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
