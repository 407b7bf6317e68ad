package dev.muster.agent.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.frame.FrameSeriesSet;
import dev.muster.model.frame.FrameWriter;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Histograms and start times on their whole way: from the head as frames, and from the head by a
/// block, they arrive as they were appended.
class HistogramShipmentTest {
    private static final long START_MS = 1_795_348_800_000L;
    private static final int SAMPLES = 100;

    /// A whole window of the head.
    private static final TimeRange WINDOW = new TimeRange(START_MS, START_MS + 7_200_000);

    @TempDir Path directory;

    @Test
    void framesAndBlocksSayTheSameAsTheHead() throws IOException {
        InstantSource clock = () -> Instant.ofEpochMilli(START_MS + 300_000);
        SelectRequest request = SelectRequest.of(WINDOW, List.of());
        try (Head head = Head.open(HeadConfig.in(directory.resolve("head")), clock);
                Bucket bucket = dev.muster.blocks.bucket.Buckets.open(BucketConfig.of("memory:"))) {
            append(head);
            Map<Labels, List<String>> expected = contents(head.select(request));
            assertThat(expected.get(Labels.of("__name__", "latency")))
                    .hasSize(SAMPLES)
                    .first()
                    .asString()
                    .startsWith(START_MS + " since " + (START_MS - 7_000) + " NativeHistogram[");

            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            try (SeriesSet set = head.select(request)) {
                FrameWriter.write(set, true, frames);
            }
            assertThat(
                            contents(
                                    FrameSeriesSet.read(
                                            new ByteArrayInputStream(frames.toByteArray()),
                                            request)))
                    .isEqualTo(expected);

            BlockUpload.ship(
                    bucket,
                    new BlockWriter(BlockWriterConfig.DEFAULT)
                            .write(
                                    new BlockId("c", "h", WINDOW),
                                    head.window(WINDOW),
                                    directory.resolve("blocks")));
            BlockCatalog catalog =
                    new BlockCatalog(
                            bucket, new CatalogConfig(Duration.ofDays(2), 1, 1, 100), clock);
            catalog.refresh();
            BlockSource blocks = new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
            assertThat(contents(blocks.select(request))).isEqualTo(expected);
        }
    }

    private static void append(Head head) throws IOException {
        try (SampleAppender appender = head.appender("target")) {
            for (int i = 0; i < SAMPLES; i++) {
                appender.begin(START_MS + i * 1_000L);
                int latency =
                        appender.series(Labels.of("__name__", "latency"), MetricMetadata.NONE);
                int size = appender.series(Labels.of("__name__", "size"), MetricMetadata.NONE);
                int total = appender.series(Labels.of("__name__", "total"), MetricMetadata.NONE);
                if (i % 40 == 0) {
                    appender.start(latency, START_MS - 7_000);
                    appender.start(total, START_MS + i * 1_000L - 5);
                }
                appender.append(latency, latency(i));
                if (i % 7 == 3) {
                    appender.append(size, i == 31 ? Staleness.STALE : i);
                } else {
                    appender.append(size, size(i));
                }
                appender.append(total, i % 40);
                appender.commit();
            }
        }
    }

    private static NativeHistogram latency(int i) {
        return NativeHistogram.exponential(
                3,
                CounterReset.UNKNOWN,
                0x1p-128,
                1,
                3 * i + 1,
                i / 8.0,
                Buckets.of(new int[] {-5, 0, 9 + i / 50}, new double[] {i, i, i}),
                Buckets.NONE);
    }

    private static NativeHistogram size(int i) {
        return NativeHistogram.custom(
                CounterReset.GAUGE,
                i,
                -i,
                new double[] {1, 10},
                Buckets.of(new int[] {0, 2}, new double[] {i / 2.0, i / 2.0}));
    }

    private static Map<Labels, List<String>> contents(SeriesSet found) throws IOException {
        Map<Labels, List<String>> contents = new TreeMap<>();
        try (SeriesSet set = found) {
            SampleColumns columns = new SampleColumns();
            for (int i = 0; i < set.size(); i++) {
                columns.clear();
                set.reader().read(i, columns);
                List<String> samples = new ArrayList<>();
                for (int at = 0; at < columns.size(); at++) {
                    boolean stale = Staleness.isStale(columns.values()[at]);
                    NativeHistogram histogram = columns.histogram(at);
                    samples.add(
                            columns.timestampsMs()[at]
                                    + (stale ? "" : " since " + columns.startMs(at))
                                    + " "
                                    + (histogram == null
                                            ? Long.toHexString(
                                                    Double.doubleToRawLongBits(
                                                            columns.values()[at]))
                                            : histogram.toString()));
                }
                contents.put(set.labels(i), samples);
            }
            assertThat(set.warnings()).isEmpty();
        }
        return contents;
    }
}
