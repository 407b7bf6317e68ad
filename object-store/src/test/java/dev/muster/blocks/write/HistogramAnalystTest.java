package dev.muster.blocks.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads native histograms and start times as an analyst does: with DuckDB, and nothing of ours.
class HistogramAnalystTest {
    private static final long START = 1_795_348_800_000L;
    private static final Labels LATENCY =
            Labels.of("__name__", "latency", "job", "shop", "host", "h1");
    private static final Labels SIZE = Labels.of("__name__", "size", "job", "shop");
    private static final Labels TOTAL = Labels.of("__name__", "total", "job", "shop");

    @TempDir Path directory;
    private DuckDb duck;

    @BeforeEach
    void fillStore() throws Exception {
        PlainSource source = new PlainSource();
        source.describe(LATENCY, new MetricMetadata(MetricType.HISTOGRAM, "seconds", "It took."));
        for (int i = 0; i < 300; i++) {
            long timeMs = START + i * 15_000L;
            source.add(LATENCY, timeMs, latency(i)).start(LATENCY, timeMs, START - 1_000);
            source.add(SIZE, timeMs, size(i));
            source.add(TOTAL, timeMs, i % 100).start(TOTAL, timeMs, START + i / 100 * 1_500_000L);
        }
        source.add(LATENCY, START + 300 * 15_000L, Staleness.STALE);
        Path store = directory.resolve("store");
        try (Bucket bucket =
                dev.muster.blocks.bucket.Buckets.open(BucketConfig.of(store.toUri().toString()))) {
            BlockUpload.ship(
                    bucket,
                    new BlockWriter(new BlockWriterConfig(2, 100, 3))
                            .write(
                                    new BlockId(
                                            "c1", "h0", new TimeRange(START, START + 7_200_000)),
                                    source,
                                    directory));
        }
        duck = new DuckDb();
        duck.execute("SET TimeZone = 'UTC'");
        duck.execute("SET VARIABLE store = '" + store + "'");
        for (String views : List.of("views.sql", "histogram-views.sql")) {
            duck.execute(
                    Files.readString(
                            Path.of(System.getProperty("muster.root"), "docs/format", views)));
        }
    }

    private static NativeHistogram latency(int i) {
        return NativeHistogram.exponential(
                1,
                i == 0 ? CounterReset.RESET : CounterReset.NOT_RESET,
                0.001,
                1,
                1 + 10 + 2 * i,
                0.5 * i,
                Buckets.of(new int[] {-2, 3}, new double[] {2 * i, 7}),
                Buckets.of(new int[] {0}, new double[] {3}));
    }

    private static NativeHistogram size(int i) {
        return NativeHistogram.custom(
                CounterReset.UNKNOWN,
                i + 3,
                i,
                new double[] {1, 10},
                Buckets.of(new int[] {0, 1, 2}, new double[] {1, i, 2}));
    }

    @AfterEach
    void closeDuckDb() throws Exception {
        duck.close();
    }

    @Test
    void seesTypesAsTheyAre() throws Exception {
        assertThat(duck.rows("SELECT column_name, column_type FROM (DESCRIBE hist)"))
                .containsExactly(
                        "metric|VARCHAR",
                        "cell|VARCHAR",
                        "host|VARCHAR",
                        "service|VARCHAR",
                        "series_id|BIGINT",
                        "ts|TIMESTAMP WITH TIME ZONE",
                        "start_ts|TIMESTAMP WITH TIME ZONE",
                        "count|DOUBLE",
                        "sum|DOUBLE",
                        "schema|INTEGER",
                        "zero_threshold|DOUBLE",
                        "zero_count|DOUBLE",
                        "pos|STRUCT(idx INTEGER, n DOUBLE)[]",
                        "neg|STRUCT(idx INTEGER, n DOUBLE)[]",
                        "custom|DOUBLE[]",
                        "reset_hint|VARCHAR",
                        "date|DATE",
                        "level|VARCHAR");
    }

    @Test
    void seesHistogramsAsTheyWere() throws Exception {
        assertThat(
                        duck.rows(
                                "SELECT metric, host, service, epoch_ms(ts), epoch_ms(start_ts),"
                                    + " count, sum, schema, zero_threshold, zero_count,"
                                    + " pos::VARCHAR, neg::VARCHAR, custom::VARCHAR, reset_hint"
                                    + " FROM hist WHERE ts IN (TIMESTAMPTZ '2026-11-22"
                                    + " 12:00:00+00', TIMESTAMPTZ '2026-11-22 13:00:00+00') ORDER"
                                    + " BY metric, ts"))
                .containsExactly(
                        "latency|h1|shop|1795348800000|1795348799000|11.0|0.0|1|0.001|1.0|[{'idx':"
                                + " -2, 'n': 0.0}, {'idx': 3, 'n': 7.0}]|[{'idx': 0, 'n':"
                                + " 3.0}]|[]|reset",
                        "latency|h1|shop|1795352400000|1795348799000|491.0|120.0|1|0.001|1.0|[{'idx':"
                            + " -2, 'n': 480.0}, {'idx': 3, 'n': 7.0}]|[{'idx': 0, 'n':"
                            + " 3.0}]|[]|not_reset",
                        "size|h0|shop|1795348800000|null|3.0|0.0|-53|0.0|0.0|[{'idx': 0, 'n': 1.0},"
                            + " {'idx': 1, 'n': 0.0}, {'idx': 2, 'n': 2.0}]|[]|[1.0, 10.0]|unknown",
                        "size|h0|shop|1795352400000|null|243.0|240.0|-53|0.0|0.0|[{'idx': 0, 'n':"
                                + " 1.0}, {'idx': 1, 'n': 240.0}, {'idx': 2, 'n': 2.0}]|[]|[1.0,"
                                + " 10.0]|unknown");
    }

    @Test
    void bucketsAddUpToCounts() throws Exception {
        assertThat(
                        duck.rows(
                                "SELECT metric, count(*), bool_and(total = count) FROM (SELECT"
                                    + " b.metric, b.ts, sum(n) AS total, any_value(h.count) AS"
                                    + " count FROM hist_buckets b JOIN hist h USING (series_id, ts)"
                                    + " GROUP BY ALL) GROUP BY metric ORDER BY metric"))
                .containsExactly("latency|300|true", "size|300|true");
        assertThat(
                        duck.rows(
                                "SELECT round(lower, 6), round(upper, 6), n FROM hist_buckets WHERE"
                                    + " ts = TIMESTAMPTZ '2026-11-22 13:00:00+00' ORDER BY metric,"
                                    + " lower"))
                .containsExactly(
                        "-1.0|-0.707107|3.0",
                        "-0.001|0.001|1.0",
                        "0.353553|0.5|480.0",
                        "2.0|2.828427|7.0",
                        "-Infinity|1.0|1.0",
                        "1.0|10.0|240.0",
                        "10.0|Infinity|2.0");
    }

    @Test
    void histogramsAreNoNumbersInSamples() throws Exception {
        assertThat(
                        duck.rows(
                                "SELECT metric, count(*), count(value), count(start_ts),"
                                    + " count(DISTINCT start_ts) FROM samples GROUP BY ALL ORDER BY"
                                    + " metric"))
                .containsExactly("latency|1|0|0|0", "total|300|300|300|3");
    }

    @Test
    void seriesSayWhereTheirHistogramsAre() throws Exception {
        assertThat(
                        duck.rows(
                                "SELECT metric, help, row_start, row_count, n, n_stale, first, sum,"
                                        + " hist_row_start, hist_row_count, epoch_ms(start_ts),"
                                        + " start_changes FROM series ORDER BY metric"))
                .containsExactly(
                        "latency|It took.|0|1|0|1|null|null|0|300|1795348799000|0",
                        "size|null|1|0|0|0|null|null|300|300|null|null",
                        "total|null|1|300|300|0|0.0|14850.0|null|null|null|2");
        Path hist = directory.resolve("hist-h0-%d-%d.parquet".formatted(START, START + 7_200_000));
        assertThat(
                        duck.rows(
                                "SELECT series_id = (SELECT series_id FROM series WHERE metric ="
                                    + " 'size') FROM (SELECT series_id, file_row_number AS row FROM"
                                    + " read_parquet('"
                                        + hist
                                        + "', file_row_number = true)) WHERE row IN (299, 300, 599)"
                                        + " ORDER BY row"))
                .containsExactly("false", "true", "true");
    }

    @Test
    void keepsIcebergFieldIds() throws Exception {
        Path hist = directory.resolve("hist-h0-%d-%d.parquet".formatted(START, START + 7_200_000));

        assertThat(
                        duck.rows(
                                "SELECT string_agg(name || '=' || field_id, ' ') FROM"
                                        + " parquet_schema('"
                                        + hist
                                        + "') WHERE field_id IS NOT NULL"))
                .containsExactly(
                        "metric=1 cell=2 host=3 service=4 series_id=5 ts=6 start_ts=8 count=9"
                            + " sum=10 schema=11 zero_threshold=12 zero_count=13 pos=14 element=15"
                            + " idx=16 n=17 neg=18 element=19 idx=20 n=21 custom=22 element=23"
                            + " reset_hint=24");
    }
}
