package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.Path;

/// A file of the kernel that holds numbers on one line, each a gauge.
final class KernelNumber {
    private final HostFile file;
    private final TextCursor text = new TextCursor();

    KernelNumber(Path path) {
        file = new HostFile(path, 64);
    }

    /// Exposes the `column`th number, from 0.
    void collect(ExpositionWriter into, int column, String name, String help) throws IOException {
        file.read(text);
        text.nextLine();
        for (int i = 0; i < column; i++) {
            text.nextField();
        }
        into.family(name, MetricType.GAUGE, help).sample(name, text.nextNumber());
    }
}
