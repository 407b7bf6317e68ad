package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;

/// What memory is used for: every field of /proc/meminfo, sizes in bytes.
final class MemoryCollector implements Collector {
    private final HostFile file;
    private final TextCursor text = new TextCursor();

    /// Fields with a size and fields with a count have different names.
    private final FieldFamilies sizes = new FieldFamilies(field -> family(field, "_bytes"));

    private final FieldFamilies counts = new FieldFamilies(field -> family(field, ""));

    MemoryCollector(HostExporterConfig config) {
        file = new HostFile(config.procfs().resolve("meminfo"));
    }

    @Override
    public String name() {
        return "meminfo";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        int size = 0;
        int count = 0;
        while (text.nextLine()) {
            if (!text.nextField((byte) ':')) {
                continue;
            }
            // count fields are known by their lack of a unit, at the end of the line
            boolean unit = text.lineEndsWith("kB");
            FieldFamilies.Family family = unit ? sizes.at(size++, text) : counts.at(count++, text);
            double value = text.nextNumber();
            into.family(family.name(), MetricType.GAUGE, family.help())
                    .sample(family.name(), unit ? value * 1024 : value);
        }
    }

    private static FieldFamilies.Family family(String field, String unit) {
        String name = "node_memory_" + field.replace("(", "_").replace(")", "") + unit;
        return new FieldFamilies.Family(name, "Field " + field + " of /proc/meminfo.");
    }
}
