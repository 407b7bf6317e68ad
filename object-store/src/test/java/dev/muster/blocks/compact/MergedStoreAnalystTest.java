package dev.muster.blocks.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.write.DuckDb;
import dev.muster.model.time.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An analyst sees the same samples before and after a merge, while the old files are still there.
class MergedStoreAnalystTest {
    private static final String SAMPLES =
            "SELECT metric, cell, host, service, series_id, ts, value, start_ts, taken_by"
                    + " FROM samples WHERE date = '2026-11-22' ORDER BY ALL";
    private static final String HISTOGRAMS =
            "SELECT metric, host, series_id, ts, count, sum, pos FROM hist ORDER BY ALL";

    /// Numbers of series that only one agent has.
    private static final String SERIES =
            "SELECT series_id, metric, sum(n), sum(n_stale), min(min), max(max), min(min_ts),"
                    + " max(max_ts) FROM series GROUP BY ALL ORDER BY ALL";

    @TempDir Path directory;

    @Test
    void seesTheSame() throws Exception {
        Path store = directory.resolve("store");
        Instant now = Instant.parse("2026-11-23T04:00:00Z");
        try (Bucket bucket = Buckets.open(BucketConfig.of(store.toUri().toString()));
                DuckDb duck = new DuckDb()) {
            new DistinctStore(directory).ship(bucket);
            duck.execute("SET TimeZone = 'UTC'");
            duck.execute("SET VARIABLE store = '" + store + "'");
            for (String views : List.of("views.sql", "histogram-views.sql")) {
                duck.execute(
                        Files.readString(
                                Path.of(System.getProperty("muster.root"), "docs/format", views)));
            }
            List<String> samples = duck.rows(SAMPLES);
            List<String> histograms = duck.rows(HISTOGRAMS);
            List<String> series = duck.rows(SERIES);
            assertThat(samples).hasSizeGreaterThan(500);
            assertThat(histograms).isNotEmpty();

            Compaction compaction =
                    new Compaction(
                            bucket,
                            CompactionConfig.DEFAULT.after(Duration.ZERO, Duration.ofHours(1)),
                            List::of,
                            directory.resolve("scratch"),
                            () -> now,
                            Pace.FULL);
            assertThat(
                            compaction.round(
                                    StoreAnswers.catalog(bucket, now)
                                            .blocks(new TimeRange(0, 1L << 42)),
                                    (cell, date) -> true))
                    .isTrue();
            assertThat(bucket.list("v1/series/level=L2/")).hasSize(1);
            assertThat(duck.rows(SAMPLES)).isEqualTo(samples);
            assertThat(duck.rows(HISTOGRAMS)).isEqualTo(histograms);
            assertThat(duck.rows(SERIES)).isEqualTo(series);
            assertThat(duck.rows("SELECT DISTINCT level FROM samples")).containsExactly("L2");
        }
    }
}
