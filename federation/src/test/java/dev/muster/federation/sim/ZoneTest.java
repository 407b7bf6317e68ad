package dev.muster.federation.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.directory.CrossWatch.Verdict;
import dev.muster.federation.sim.DirectoryWorld.Speaker;
import org.junit.jupiter.api.Test;

class ZoneTest {
    private static final int CELLS = 45;

    @Test
    void aDeadZoneIsKnownToTheOthersWithinTenSeconds() {
        var world = new DirectoryWorld(1, CELLS);
        run(world, 3_000);
        world.killZone(0);
        run(world, 10_000);
        for (Speaker speaker : world.speakers) {
            for (int cell = 0; cell < CELLS && !world.isDead(speaker.cell); cell++) {
                Verdict verdict = world.verdict(speaker, cell);
                assertThat(verdict == Verdict.DEAD).isEqualTo(world.isDead(cell));
            }
        }
    }

    @Test
    void aCutBetweenTwoZonesMakesNoCellDead() {
        var world = new DirectoryWorld(1, CELLS);
        world.loss = 0.05;
        run(world, 3_000);
        world.cutZones(0, 1);
        run(world, 30_000);
        for (Speaker speaker : world.speakers) {
            for (int cell = 0; cell < CELLS; cell++) {
                assertThat(world.verdict(speaker, cell)).isNotEqualTo(Verdict.DEAD);
            }
        }
    }

    private static void run(DirectoryWorld world, long ms) {
        long endMs = world.nowMs() + ms;
        while (world.nowMs() < endMs) {
            world.step();
        }
    }
}
