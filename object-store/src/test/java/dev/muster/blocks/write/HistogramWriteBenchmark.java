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

/// Time to write a block of ten series of native histograms, generating them included, and the size
/// of a histogram in it.
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
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class HistogramWriteBenchmark {
    private static final long START = 1_795_348_800_000L;
    private static final int SERIES = 10;
    private static final int WINDOW_MS = 7_200_000;
    private static final BlockId ID =
            new BlockId("c", "h", new TimeRange(START, START + WINDOW_MS));

    @Param({"1000", "15000"})
    int stepMs;

    private RequestHistograms source = new RequestHistograms(0, 0, 0, 1);
    private Path directory = Path.of("");

    /// Bytes of the file of histograms for each of them.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Size {
        public double bytesPerHistogram;
    }

    @Setup
    public void setUp() throws IOException {
        source = new RequestHistograms(SERIES, WINDOW_MS / stepMs, START, stepMs);
        directory = Files.createTempDirectory("histogram-benchmark");
    }

    @Benchmark
    public LocalBlock write(Size size) throws IOException {
        LocalBlock block = new BlockWriter(BlockWriterConfig.DEFAULT).write(ID, source, directory);
        size.bytesPerHistogram = (double) block.histBytes() / block.histCount();
        return block;
    }
}
