package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;

/// How many files are open on the host, and how many may be: /proc/sys/fs/file-nr.
final class FileDescriptorCollector implements Collector {
    private final KernelNumber numbers;

    FileDescriptorCollector(HostExporterConfig config) {
        numbers = new KernelNumber(config.procfs().resolve("sys/fs/file-nr"));
    }

    @Override
    public String name() {
        return "filefd";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        numbers.collect(into, 0, "node_filefd_allocated", "Open files of the host.");
        numbers.collect(into, 2, "node_filefd_maximum", "Files that may be open on the host.");
    }
}
