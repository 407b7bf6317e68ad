package dev.muster.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a service exposed is what PromQL and DuckDB answer, wherever it lies by now.
@Timeout(240)
class WholeWayIT {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final String COUNT = "known_scrapes_total";
    private static final String VALUE = "known_value";

    @TempDir Path directory;

    @Test
    void samplesAreEqualInHeadInBlockAndAcrossTheBorder() throws Exception {
        try (var service = new KnownService();
                var rig = new Rig(directory, 1)) {
            rig.startAgent(1, service.address());
            rig.startQuery();
            var query = rig.query();
            await().atMost(Duration.ofSeconds(30)).until(() -> service.scrapes() >= 8);
            var beginMs = System.currentTimeMillis() - 60_000;

            // as people type it, unencoded
            assertThat(query.statusLine("/api/v1/query?query=up{job=\"known\"}")).contains("200");

            // from the head
            assertUnbroken(read(query, COUNT, beginMs), read(query, "up{job=\"known\"}", beginMs));
            // once the store is away, a window that was shipped before may not be readable
            var first = read(query, COUNT, beginMs).getFirst();

            // the object store goes away before the window ends, and comes back
            var borderMs = nextBorder(System.currentTimeMillis() + 15_000);
            awaitTime(borderMs - 5_000);
            takeAway(rig.store());
            awaitTime(borderMs + 3_000);
            await("the agent says that uploads fail")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(
                                            rig.agent(1)
                                                    .json("/api/v1/agent/status")
                                                    .path("uploadError")
                                                    .asText(""))
                                    .as(() -> rig.log("a1"))
                                    .isNotBlank()
                                    .isNotEqualTo("null"));
            assertUnbroken(read(query, COUNT, beginMs), read(query, "up{job=\"known\"}", beginMs));
            giveBack(rig.store());
            var windows = windowsUntil(borderMs, first);
            await("all windows before the border are shipped and seen")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> shipped(rig) >= windows && visible(query) >= windows);

            // across the border: the block holds what is older, the head what is newer
            var counts = read(query, COUNT, beginMs);
            assertUnbroken(counts, read(query, "up{job=\"known\"}", beginMs));
            assertThat(counts.getFirst().timeMs()).isLessThan(borderMs);
            assertThat(counts.getLast().timeMs()).isGreaterThan(borderMs);
            assertFollows(counts, read(query, VALUE, beginMs));

            // the same Parquet, read by another program
            var inBlock = before(counts, borderMs);
            assertThat(before(Parquet.samples(rig.store(), COUNT), borderMs)).isEqualTo(inBlock);
            assertThat(before(Parquet.samples(rig.store(), VALUE), borderMs))
                    .isEqualTo(before(read(query, VALUE, beginMs), borderMs));
            assertThat(Parquet.countOfSeriesFile(rig.store(), COUNT))
                    .isGreaterThanOrEqualTo(inBlock.size());

            // from the block alone, with no agent left to ask
            rig.stop("a1");
            assertThat(before(read(query, COUNT, beginMs), borderMs)).isEqualTo(inBlock);
        }
    }

    private static List<Sample> read(QueryClient query, String selector, long beginMs) {
        var nowMs = System.currentTimeMillis();
        return query.samples(selector, nowMs, Duration.ofMillis(nowMs - beginMs));
    }

    /// Every scrape is there once; only scrapes that failed may be missing.
    private static void assertUnbroken(List<Sample> counts, List<Sample> up) {
        assertThat(counts).as("samples of the known service").hasSizeGreaterThan(3);
        for (var index = 1; index < counts.size(); index++) {
            assertThat(counts.get(index).timeMs()).isGreaterThan(counts.get(index - 1).timeMs());
            assertThat(counts.get(index).value()).isGreaterThan(counts.get(index - 1).value());
        }
        var failed = up.stream().filter(sample -> sample.value() == 0).count();
        var exposed = counts.getLast().value() - counts.getFirst().value() + 1;
        assertThat(exposed - counts.size())
                .as("missing of %s, with %s failed scrapes", counts, failed)
                .isBetween(0.0, (double) failed);
    }

    private static void assertFollows(List<Sample> counts, List<Sample> values) {
        for (var sample : values) {
            counts.stream()
                    .filter(count -> count.timeMs() == sample.timeMs())
                    .forEach(count ->
                            assertThat(sample.value())
                                    .isEqualTo(KnownService.valueOf((long) count.value())));
        }
        assertThat(values).hasSizeGreaterThanOrEqualTo(counts.size());
    }

    private static List<Sample> before(List<Sample> samples, long borderMs) {
        return samples.stream().filter(sample -> sample.timeMs() < borderMs).toList();
    }

    private static long shipped(Rig rig) {
        return rig.agent(1).json("/api/v1/agent/status").path("blocksShipped").asLong();
    }

    private static long visible(QueryClient query) {
        var status = query.json("/api/v1/status/muster");
        return (status.has("data") ? status.path("data") : status).path("blocks").asLong();
    }

    /// How many windows lie before a border, from the one that holds the first sample on.
    private static long windowsUntil(long borderMs, Sample first) {
        return Math.ceilDiv(borderMs - first.timeMs(), WINDOW.toMillis());
    }

    private static long nextBorder(long afterMs) {
        return Math.ceilDiv(afterMs, WINDOW.toMillis()) * WINDOW.toMillis();
    }

    private static void awaitTime(long timeMs) {
        await("the clock to pass " + Instant.ofEpochMilli(timeMs))
                .atMost(Duration.ofMinutes(2))
                .until(() -> System.currentTimeMillis() >= timeMs);
    }

    /// Renames the store and puts a file in its place: fails for every user, root included.
    private static void takeAway(Path store) throws IOException {
        Files.move(store, store.resolveSibling("store-away"));
        Files.writeString(store, "no directory\n");
    }

    private static void giveBack(Path store) throws IOException {
        Files.delete(store);
        Files.move(store.resolveSibling("store-away"), store);
    }
}
