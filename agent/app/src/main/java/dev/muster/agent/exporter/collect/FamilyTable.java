package dev.muster.agent.exporter.collect;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Families whose samples come in any order, device by device, and are written family by family.
///
/// For collectors that do not run each second: it allocates. Confined to one thread.
public final class FamilyTable {
    /// One family. Samples keep the order in which they came.
    public final class Family {
        private final String name;
        private final MetricType type;
        private final String help;
        private final List<String[]> labels = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();

        private Family(String name, MetricType type, String help) {
            this.name = name;
            this.type = type;
            this.help = help;
        }

        /// Adds a sample.
        ///
        /// @param labelled names and values of its labels in turn
        public void add(double value, String... labelled) {
            if (labelled.length % 2 != 0) {
                throw new IllegalArgumentException(
                        "labels must be names and values in turn: family="
                                + name
                                + ", found="
                                + labelled.length);
            }
            labels.add(labelled);
            values.add(value);
            samples++;
        }

        /// Adds a sample if its value is a number as the kernel writes them.
        ///
        /// @param labelled names and values of its labels in turn
        public void addText(String value, String... labelled) {
            HostDirectory.parse(value).ifPresent(number -> add(number, labelled));
        }

        private void writeTo(ExpositionWriter into) {
            into.family(name, type, help);
            for (int i = 0; i < labels.size(); i++) {
                into.begin(name);
                String[] pairs = labels.get(i);
                for (int label = 0; label < pairs.length; label += 2) {
                    into.label(pairs[label], pairs[label + 1]);
                }
                into.end(values.get(i));
            }
        }
    }

    private final Map<String, Family> families = new LinkedHashMap<>();
    private int samples;

    public FamilyTable() {}

    /// The counter of that name, made when it is first asked for.
    public Family counter(String name, String help) {
        return family(name, MetricType.COUNTER, help);
    }

    /// The gauge of that name, made when it is first asked for.
    public Family gauge(String name, String help) {
        return family(name, MetricType.GAUGE, help);
    }

    /// The family of that name, made when it is first asked for; type and help are those of the
    /// first time.
    public Family family(String name, MetricType type, String help) {
        return families.computeIfAbsent(name, made -> new Family(made, type, help));
    }

    public boolean isEmpty() {
        return samples == 0;
    }

    /// Writes the families that have samples.
    public void writeTo(ExpositionWriter into) {
        for (Family family : families.values()) {
            if (!family.values.isEmpty()) {
                family.writeTo(into);
            }
        }
    }
}
