package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Time to write a block of a million samples, generating them included, and its size.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class BlockWriteBenchmark {
    private static final long START = 1_795_348_800_000L;
    private static final BlockId ID =
            new BlockId("c", "h", new TimeRange(START, START + 7_200_000));

    @Param({"1000", "15000"})
    int stepMs;

    private HostLikeSource source = new HostLikeSource(0, 0, 0, 1);
    private Path directory = Path.of("");
    private int samples;

    /// Bytes a sample, both files.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Size {
        public double bytesPerThousandSamples;
    }

    @Setup
    public void setUp() throws IOException {
        int perSeries = 7_200_000 / stepMs;
        int series = 1_000_000 / perSeries;
        samples = series * perSeries;
        source = new HostLikeSource(series, perSeries, START, stepMs);
        directory = Files.createTempDirectory("block-benchmark");
    }

    @Benchmark
    public LocalBlock write(Size size) throws IOException {
        LocalBlock block = new BlockWriter(BlockWriterConfig.DEFAULT).write(ID, source, directory);
        size.bytesPerThousandSamples = 1_000.0 * block.sizeBytes() / samples;
        return block;
    }
}
