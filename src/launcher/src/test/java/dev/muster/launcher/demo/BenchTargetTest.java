package dev.muster.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTargetTest {
    @Test
    void halfOfTheSeriesMoveAtEveryScrape() {
        var target = new BenchTarget(3, 100);
        var first = values(target);
        var second = values(target);

        assertThat(first).hasSize(100);
        var moved = 0;
        for (var index = 0; index < first.size(); index++) {
            moved += second.get(index) > first.get(index) ? 1 : 0;
            assertThat(second.get(index) - first.get(index)).isBetween(0L, 7L);
        }
        assertThat(moved).isEqualTo(50);
    }

    private static List<Long> values(BenchTarget target) {
        return new String(target.next(), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }
}
