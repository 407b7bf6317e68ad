package dev.muster.blocks.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads a store as an analyst does: with DuckDB, the views of `docs/format/views.sql`, and nothing
/// of ours.
class AnalystTest {
    private static final long START = 1_795_348_800_000L;
    private static final long WINDOW = 7_200_000;

    @TempDir Path directory;
    private final PlainSource source = new PlainSource();
    private DuckDb duck;

    @BeforeEach
    void fillStore() throws Exception {
        Random random = new Random(11);
        for (int s = 0; s < 30; s++) {
            Labels labels =
                    Labels.of(
                            "__name__",
                            s < 10 ? "cpu_seconds_total" : "load" + s % 4,
                            "job",
                            "node",
                            "mode",
                            "m" + s,
                            "host",
                            "h" + s % 2);
            double value = 0;
            for (int i = 0; i < 2 * 480; i++) {
                value = random.nextInt(100) == 0 ? 0 : value + random.nextInt(1_000) / 8.0;
                source.add(
                        labels,
                        START + i * 15_000L,
                        random.nextInt(60) == 0 ? Staleness.STALE : value);
            }
        }
        Path store = directory.resolve("store");
        try (Bucket bucket = Buckets.open(BucketConfig.of(store.toUri().toString()))) {
            for (int window = 0; window < 2; window++) {
                TimeRange range =
                        new TimeRange(START + window * WINDOW, START + (window + 1) * WINDOW);
                BlockUpload.ship(
                        bucket,
                        new BlockWriter(new BlockWriterConfig(3, 1_000, 3))
                                .write(new BlockId("c1", "h0", range), source, directory));
            }
        }
        duck = new DuckDb();
        duck.execute("SET TimeZone = 'UTC'");
        duck.execute("SET VARIABLE store = '" + store + "'");
        duck.execute(
                Files.readString(
                        Path.of(System.getProperty("muster.root"), "docs/format/views.sql")));
    }

    @AfterEach
    void closeDuckDb() throws Exception {
        duck.close();
    }

    @Test
    void countsAllSamplesAndMarkers() throws Exception {
        long stale =
                source.series().values().stream()
                        .flatMap(samples -> samples.values().stream())
                        .filter(Staleness::isStale)
                        .count();

        assertThat(duck.rows("SELECT count(*), count(*) - count(value) FROM samples"))
                .containsExactly(source.sampleCount() + "|" + stale);
        assertThat(duck.rows("SELECT sum(n) + sum(n_stale), sum(n_stale) FROM series"))
                .containsExactly(source.sampleCount() + "|" + stale);
    }

    @Test
    void joinsSamplesWithLabels() throws Exception {
        Labels labels =
                Labels.of(
                        "__name__", "cpu_seconds_total", "job", "node", "mode", "m3", "host", "h1");
        double sum = 0;
        for (double value : source.series().getOrDefault(labels, new TreeMap<>()).values()) {
            sum += Staleness.isStale(value) ? 0 : value;
        }

        assertThat(
                        duck.rows(
                                "SELECT host, count(*), sum(value) FROM labelled_samples WHERE"
                                        + " metric = 'cpu_seconds_total' AND labels['mode'] = 'm3'"
                                        + " AND date = '2026-11-22' GROUP BY host"))
                .containsExactly("h1|960|" + sum);
    }

    @Test
    void findsInSeriesWhatSamplesAddUpTo() throws Exception {
        assertThat(
                        duck.rows(
                                """
                                WITH computed AS (
                                  SELECT series_id, count(value) AS n, min(value) AS min, max(value) AS max,
                                         sum(value) AS sum, min(ts) AS min_ts, max(ts) AS max_ts,
                                         arg_min(value, ts) AS first, arg_max(value, ts) AS last
                                  FROM samples GROUP BY series_id),
                                falls AS (
                                  SELECT series_id, count(*) FILTER (value < before) AS resets FROM (
                                    SELECT series_id, value, lag(value) OVER (PARTITION BY series_id ORDER BY ts) AS before
                                    FROM samples WHERE value IS NOT NULL AND ts < TIMESTAMPTZ '2026-11-22 14:00:00+00')
                                  GROUP BY series_id)
                                SELECT count(*), bool_and(c.n = s.n AND c.min = s.min AND c.max = s.max
                                    AND abs(c.sum - s.sum) < 1e-6 AND c.min_ts = s.min_ts AND c.max_ts = s.max_ts
                                    AND c.first = s.first AND c.last = s.last),
                                  (SELECT bool_and(f.resets = s.resets) FROM falls f JOIN series s
                                   ON f.series_id = s.series_id AND s.max_ts < TIMESTAMPTZ '2026-11-22 14:00:00+00')
                                FROM computed c JOIN series_by_day s USING (series_id)
                                """))
                .containsExactly("30|true|true");
    }

    @Test
    void seesTypesAndTimesAsTheyAre() throws Exception {
        assertThat(
                        duck.rows(
                                "SELECT column_name, column_type FROM (DESCRIBE samples) ORDER BY"
                                        + " column_name"))
                .isEqualTo(
                        List.of(
                                "cell|VARCHAR",
                                "date|DATE",
                                "host|VARCHAR",
                                "level|VARCHAR",
                                "metric|VARCHAR",
                                "series_id|BIGINT",
                                "service|VARCHAR",
                                "start_ts|TIMESTAMP WITH TIME ZONE",
                                "taken_by|VARCHAR",
                                "ts|TIMESTAMP WITH TIME ZONE",
                                "value|DOUBLE"));
        assertThat(duck.rows("SELECT min(ts)::VARCHAR, max(epoch_ms(ts)) FROM samples"))
                .containsExactly("2026-11-22 12:00:00+00|" + (START + 959 * 15_000L));
    }

    @Test
    void keepsIcebergFieldIds() throws Exception {
        Path samples =
                directory.resolve("samples-h0-%d-%d.parquet".formatted(START, START + WINDOW));

        assertThat(
                        duck.rows(
                                "SELECT name, field_id FROM parquet_schema('"
                                        + samples
                                        + "') WHERE field_id IS NOT NULL"))
                .containsExactly(
                        "metric|1",
                        "cell|2",
                        "host|3",
                        "service|4",
                        "series_id|5",
                        "ts|6",
                        "value|7",
                        "start_ts|8");
        assertThat(
                        duck.rows(
                                "SELECT DISTINCT path_in_schema, encodings, compression FROM"
                                        + " parquet_metadata('"
                                        + samples
                                        + "') WHERE path_in_schema = 'ts'"))
                .containsExactly("ts|DELTA_BINARY_PACKED|ZSTD");
    }
}
