package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramBlocksTest {
    private static final Labels LATENCY = Labels.of("__name__", "latency", "job", "web");

    @TempDir Path directory;
    private Bucket bucket;

    @BeforeEach
    void openBucket() throws Exception {
        bucket = Blocks.memory();
    }

    @AfterEach
    void closeBucket() {
        bucket.close();
    }

    @Test
    void readsHistogramsAndStartTimesAsTheyWere() throws Exception {
        Blocks.ship(bucket, RichBlocks.source(0), Blocks.id("h", 0), directory);
        Blocks.ship(bucket, Blocks.source(1), Blocks.id("h", 1), directory);
        Blocks.ship(bucket, RichBlocks.source(2), Blocks.id("h", 2), directory);
        PlainSource all = RichBlocks.source(0);
        for (PlainSource more : List.of(Blocks.source(1), RichBlocks.source(2))) {
            assertThat(Answers.of(more, Blocks.everything())).isNotEmpty();
        }

        for (int window : List.of(0, 2)) {
            SelectRequest request = SelectRequest.of(Blocks.window(window), List.of());
            assertThat(Answers.of(Blocks.open(bucket), request))
                    .isEqualTo(Answers.of(RichBlocks.source(window), request));
        }
        SelectRequest middle =
                SelectRequest.of(
                        new TimeRange(Blocks.START + 600_000, Blocks.START + 900_001), List.of());
        assertThat(Answers.of(Blocks.open(bucket), middle)).isEqualTo(Answers.of(all, middle));
    }

    @Test
    void answersWithoutAnyMemoryForCaches() throws Exception {
        Blocks.ship(bucket, RichBlocks.source(0), Blocks.id("h", 0), directory);
        BlockReadConfig none = new BlockReadConfig(0, 0, 0, 0, 0, 1, 0, 1 << 16, 0, 10);

        assertThat(Answers.of(Blocks.open(bucket, none), Blocks.everything()))
                .isEqualTo(Answers.of(RichBlocks.source(0), Blocks.everything()));
    }

    @Test
    void leavesTheFileOfHistogramsAloneForNumbers() throws Exception {
        LocalBlock block = Blocks.write(RichBlocks.source(0), Blocks.id("h", 0), directory);
        BlockUpload.ship(bucket, block);
        try (FaultyBucket asked = new FaultyBucket(bucket)) {
            BlockSource source = Blocks.open(asked);
            Answers.of(
                    source,
                    SelectRequest.of(
                            Blocks.window(0), List.of(LabelMatcher.equal("__name__", "noise"))));

            assertThat(asked.requests())
                    .filteredOn(request -> !request.startsWith("list "))
                    .isNotEmpty()
                    .noneMatch(request -> request.contains("v1/hist"));
            asked.forget();
            Answers.of(
                    source,
                    SelectRequest.of(
                            Blocks.window(0), List.of(LabelMatcher.equal("__name__", "latency"))));
            assertThat(asked.requests())
                    .isNotEmpty()
                    .allMatch(request -> request.contains("v1/hist"));
        }
    }

    @Test
    void writesNoFileOfHistogramsWhereThereAreNone() throws Exception {
        LocalBlock block = Blocks.write(Blocks.source(0), Blocks.id("h", 0), directory);

        assertThat(block.hist()).isNull();
        assertThat(block.histBytes()).isZero();
        assertThat(
                        directory.resolve(
                                "hist-" + block.samples().getFileName().toString().substring(8)))
                .doesNotExist();
    }

    @Test
    void aHistogramAfterABlockBorderSaysNothingOfResets() throws Exception {
        for (int window = 0; window < 2; window++) {
            PlainSource source = new PlainSource();
            for (int i = 0; i < 3; i++) {
                source.add(
                        LATENCY,
                        Blocks.window(window).startMs() + i,
                        NativeHistogram.exponential(
                                0, CounterReset.NOT_RESET, 0, 0, i, i, Buckets.NONE, Buckets.NONE));
            }
            Blocks.ship(bucket, source, Blocks.id("h", window), directory);
        }

        try (SeriesSet set = Blocks.open(bucket).select(Blocks.everything())) {
            SampleColumns samples = new SampleColumns();
            set.reader().read(0, samples);
            List<CounterReset> resets =
                    IntStream.range(0, samples.size())
                            .mapToObj(samples::histogram)
                            .map(NativeHistogram::counterReset)
                            .toList();
            assertThat(resets)
                    .containsExactly(
                            CounterReset.NOT_RESET,
                            CounterReset.NOT_RESET,
                            CounterReset.NOT_RESET,
                            CounterReset.UNKNOWN,
                            CounterReset.NOT_RESET,
                            CounterReset.NOT_RESET);
        }
    }

    @Test
    void chargesForBuckets() throws Exception {
        Blocks.ship(bucket, RichBlocks.source(0), Blocks.id("h", 0), directory);
        AtomicLong charged = new AtomicLong();
        SelectRequest request =
                new SelectRequest(
                        Blocks.window(0),
                        List.of(LabelMatcher.equal("__name__", "latency")),
                        true,
                        new Counting(charged));
        Answers.of(Blocks.open(bucket), request);

        assertThat(charged.get()).isGreaterThan(100 * 6);
    }

    private record Counting(AtomicLong samples) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {
            samples.addAndGet(count);
        }

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {}
    }

    @Test
    void knowsHelpTexts() throws Exception {
        Blocks.ship(bucket, RichBlocks.source(0), Blocks.id("h", 0), directory);

        try (SeriesSet set = Blocks.open(bucket).select(Blocks.everything().withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                if (set.labels(i).equals(LATENCY)) {
                    assertThat(set.metadata(i))
                            .isEqualTo(
                                    new MetricMetadata(
                                            MetricType.HISTOGRAM, "seconds", "How long it took."));
                    return;
                }
            }
        }
        throw new AssertionError("the series must be there");
    }

    @Test
    void startTimesThatNeverStayTheSameAreKept() throws Exception {
        PlainSource source = new PlainSource();
        for (int s = 0; s < 3; s++) {
            Labels labels = Labels.of("__name__", "delta" + s);
            for (int i = 0; i < 60_000; i++) {
                long timeMs = Blocks.START + i * 100L;
                source.add(labels, timeMs, i).start(labels, timeMs, timeMs - 100 - i % 3);
            }
        }
        LocalBlock block =
                new BlockWriter(BlockWriterConfig.DEFAULT)
                        .write(Blocks.id("h", 0), source, directory);
        BlockUpload.ship(bucket, block);

        assertThat(Answers.of(Blocks.open(bucket), Blocks.everything()))
                .isEqualTo(Answers.of(source, Blocks.everything()));
    }
}
