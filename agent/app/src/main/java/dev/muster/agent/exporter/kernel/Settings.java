package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import dev.muster.model.sample.MetricType;
import java.util.List;
import java.util.OptionalDouble;

/// Settings of the kernel that somebody asked for: /proc/sys.
///
/// A setting is `name` or `name:field,field,...`, which names the columns of one with several
/// numbers; one that begins with `info:` has words, not numbers.
///
/// @param settings as sysctl(8) names them
record Settings(HostDirectory procfs, List<String> settings) {
    private static final String INFO = "info:";

    void fill(FamilyTable table) {
        for (String setting : settings) {
            if (setting.startsWith(INFO)) {
                words(setting.substring(INFO.length()), table);
            } else {
                numbers(setting, table);
            }
        }
    }

    private String[] values(String name) {
        String text = procfs.below("sys").textOrEmpty(name.replace('.', '/'));
        return text.isEmpty() ? new String[0] : Words.of(text);
    }

    private void words(String name, FamilyTable table) {
        String[] values = values(name);
        for (int i = 0; i < values.length; i++) {
            table.gauge("node_sysctl_info", "Words of a setting.")
                    .add(1, "index", Integer.toString(i), "name", name, "value", values[i]);
        }
    }

    private void numbers(String setting, FamilyTable table) {
        int colon = setting.indexOf(':');
        String name = colon < 0 ? setting : setting.substring(0, colon);
        String family = "node_sysctl_" + name.replaceAll("[^a-zA-Z0-9_]", "_");
        String[] fields = colon < 0 ? new String[0] : setting.substring(colon + 1).split(",", -1);
        String[] values = values(name);
        for (int i = 0; i < values.length; i++) {
            OptionalDouble value = HostDirectory.parse(values[i]);
            if (value.isEmpty()) {
                continue;
            }
            if (fields.length > i) {
                table.family(
                                family + "_" + fields[i],
                                MetricType.UNKNOWN,
                                "Setting " + name + ", column " + i + ".")
                        .add(value.getAsDouble());
            } else if (values.length == 1) {
                table.family(family, MetricType.UNKNOWN, "Setting " + name + ".")
                        .add(value.getAsDouble());
            } else {
                table.family(family, MetricType.UNKNOWN, "Setting " + name + ".")
                        .add(value.getAsDouble(), "index", Integer.toString(i));
            }
        }
    }
}
