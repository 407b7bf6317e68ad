package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Time to expose this host once.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class HostExporterBenchmark {
    private final HostExporter exporter = new HostExporter(HostExporterConfig.host());
    private final ExpositionWriter writer = new ExpositionWriter();

    @Benchmark
    public int host() {
        writer.clear();
        exporter.collect(writer);
        return writer.size();
    }

    @TearDown
    public void close() {
        exporter.close();
    }
}
