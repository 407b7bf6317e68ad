package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenTableTest {
    @Test
    void agreesWithASetThroughGrowthClearingAndTrimming() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        SeenTable table = new SeenTable();
        for (int round = 0; round < 200; round++) {
            Set<Long> expected = new HashSet<>();
            for (int i = random.nextInt(round % 10 == 0 ? 20_000 : 200); i > 0; i--) {
                long hash = random.nextInt(4) == 0 ? random.nextInt(100) : random.nextLong();
                assertThat(table.add(hash)).isEqualTo(expected.add(hash));
            }
            if (random.nextBoolean()) {
                table.clear();
            } else {
                table.trim();
            }
        }
    }
}
