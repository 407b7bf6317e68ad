package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.HostLikeSource;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Time to read a day of a host of 2,000 series at 15 s: 12 blocks of 960,000 samples.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class BlockReadBenchmark {
    private static final TimeRange DAY =
            new TimeRange(Blocks.START, Blocks.START + 12 * Blocks.WINDOW);

    private final Bucket bucket;
    private final BlockCatalog catalog;
    private final BlockSource warm;
    private final SampleColumns samples = new SampleColumns();

    public BlockReadBenchmark() {
        try {
            bucket = Blocks.memory();
            for (int window = 0; window < 12; window++) {
                HostLikeSource source =
                        new HostLikeSource(2_000, 480, Blocks.window(window).startMs(), 15_000);
                BlockUpload.ship(
                        bucket,
                        new BlockWriter(BlockWriterConfig.DEFAULT)
                                .write(
                                        Blocks.id("h", window),
                                        source,
                                        Files.createTempDirectory("block-benchmark")));
            }
            catalog = Blocks.catalog(bucket);
            warm = new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void warmUp() throws IOException {
        read(warm, List.of());
    }

    /// All caches empty; the bucket is memory.
    @Benchmark
    public double oneSeriesCold() throws IOException {
        return read(new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT), oneSeries());
    }

    @Benchmark
    public double oneSeriesWarm() throws IOException {
        return read(warm, oneSeries());
    }

    /// 1,008 series: 5.8 million samples.
    @Benchmark
    public double thousandSeriesWarm() throws IOException {
        return read(warm, List.of(LabelMatcher.regex("__name__", "node_0[0-5].*|node_06[0-2].*")));
    }

    private static List<LabelMatcher> oneSeries() {
        return List.of(
                LabelMatcher.equal("__name__", "node_055_total"),
                LabelMatcher.equal("device", "d07"));
    }

    private double read(BlockSource source, List<LabelMatcher> matchers) throws IOException {
        double sum = 0;
        try (SeriesSet set = source.select(SelectRequest.of(DAY, matchers))) {
            SampleReader reader = set.reader();
            for (int i = 0; i < set.size(); i++) {
                samples.clear();
                reader.read(i, samples);
                sum += samples.size() == 0 ? 0 : samples.values()[samples.size() - 1];
            }
        }
        return sum;
    }
}
