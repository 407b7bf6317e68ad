package dev.muster.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChurnTargetTest {
    @Test
    void newSeriesAreNewAtEveryScrapeUntilTheLimit() {
        var target = new ChurnTarget(new BenchTarget(0, 10), 100, 250);
        Set<String> seen = new HashSet<>();
        for (var scrape = 0; scrape < 4; scrape++) {
            var users = users(target.next());
            assertThat(users).hasSize(List.of(100, 100, 50, 0).get(scrape));
            assertThat(seen.addAll(users)).isEqualTo(!users.isEmpty());
        }
        assertThat(seen).hasSize(250);
        assertThat(target.shown()).isEqualTo(250);
    }

    @Test
    void aHugeBodyHasAsManySeriesAsAsked() throws IOException {
        var out = new ByteArrayOutputStream();
        ChurnTarget.writeHuge(1_000, out);
        assertThat(users(out.toByteArray())).hasSize(1_000).doesNotHaveDuplicates();
    }

    private static List<String> users(byte[] body) {
        return new String(body, StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("bench_requests_total{"))
                .toList();
    }
}
