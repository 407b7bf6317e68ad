package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.nio.file.Path;

/// How much randomness the kernel holds: /proc/sys/kernel/random.
final class EntropyCollector implements Collector {
    private final KernelNumber available;
    private final KernelNumber size;

    EntropyCollector(HostExporterConfig config) {
        Path directory = config.procfs().resolve("sys/kernel/random");
        available = new KernelNumber(directory.resolve("entropy_avail"));
        size = new KernelNumber(directory.resolve("poolsize"));
    }

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        available.collect(
                into, 0, "node_entropy_available_bits", "Bits of randomness that are there.");
        size.collect(into, 0, "node_entropy_pool_size_bits", "Bits of randomness that fit.");
    }
}
