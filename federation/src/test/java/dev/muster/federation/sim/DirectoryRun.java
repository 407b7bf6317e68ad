package dev.muster.federation.sim;

import dev.muster.federation.directory.CrossWatch.Verdict;
import dev.muster.federation.sim.DirectoryWorld.Speaker;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Loses a zone of a fleet, and cuts two zones from each other: how soon the agents that speak for
/// the other cells know, and what they never say.
final class DirectoryRun {
    private static final int CALM_MS = 5000;
    private static final int LIMIT_MS = 30_000;
    private static final double LOSS = 0.01;
    private static final int SAMPLE = 30;

    private final long seed;
    private final int cells;
    private final PrintStream out;

    DirectoryRun(long seed, int cells, PrintStream out) {
        this.seed = seed;
        this.cells = cells;
        this.out = out;
    }

    /// @return whether nothing false was said
    boolean play() {
        Latencies dead = new Latencies();
        int wrong = zoneLost(dead);
        int wrongCut = zonesCut();
        out.printf(
                Locale.ROOT,
                "%n%d cells of %d zones, 1 %% of calls lost. A whole zone lost: that a cell of it"
                    + " is dead is known to the agents that speak for the others after p50 %.1f s,"
                    + " p99 %.1f s, max %.1f s; of other cells this is said %d times. Two zones cut"
                    + " from each other for 30 s: some cell is called dead %d times.%n",
                cells,
                DirectoryWorld.ZONES,
                dead.at(0.5) / 1000.0,
                dead.at(0.99) / 1000.0,
                dead.max() / 1000.0,
                wrong,
                wrongCut);
        return wrong + wrongCut == 0;
    }

    private int zoneLost(Latencies times) {
        var world = world();
        calm(world);
        world.killZone(0);
        long fromMs = world.nowMs();
        List<Speaker> asked = sample(world);
        boolean[][] known = new boolean[asked.size()][cells];
        int open = asked.size() * (int) IntStream.range(0, cells).filter(world::isDead).count();
        int wrong = 0;
        while (open > 0 && world.nowMs() - fromMs < LIMIT_MS) {
            for (int i = 0; i < 5; i++) {
                world.step();
            }
            for (int s = 0; s < known.length; s++) {
                for (int cell = 0; cell < cells; cell++) {
                    boolean news =
                            !known[s][cell] && world.verdict(asked.get(s), cell) == Verdict.DEAD;
                    if (news && world.isDead(cell)) {
                        times.add(world.nowMs() - fromMs);
                        open--;
                    }
                    wrong += news && !world.isDead(cell) ? 1 : 0;
                    known[s][cell] |= news;
                }
            }
        }
        if (open > 0) {
            times.add(LIMIT_MS);
        }
        return wrong;
    }

    private int zonesCut() {
        var world = world();
        calm(world);
        world.cutZones(0, 1);
        List<Speaker> asked = sample(world);
        int wrong = 0;
        for (int i = 0; i < LIMIT_MS / 1000; i++) {
            for (int step = 0; step < 10; step++) {
                world.step();
            }
            for (Speaker speaker : asked) {
                for (int cell = 0; cell < cells; cell++) {
                    wrong += world.verdict(speaker, cell) == Verdict.DEAD ? 1 : 0;
                }
            }
        }
        return wrong;
    }

    private DirectoryWorld world() {
        var world = new DirectoryWorld(seed, cells);
        world.loss = LOSS;
        return world;
    }

    /// Some of those who live: all of them say the same sooner or later.
    private static List<Speaker> sample(DirectoryWorld world) {
        List<Speaker> alive =
                world.speakers.stream().filter(speaker -> !world.isDead(speaker.cell)).toList();
        int every = Math.max(1, alive.size() / SAMPLE);
        return IntStream.range(0, alive.size())
                .filter(i -> i % every == 0)
                .mapToObj(alive::get)
                .toList();
    }

    private static void calm(DirectoryWorld world) {
        while (world.nowMs() < CALM_MS) {
            world.step();
        }
    }
}
