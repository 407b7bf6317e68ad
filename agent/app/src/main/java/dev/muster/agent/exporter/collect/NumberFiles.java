package dev.muster.agent.exporter.collect;

import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.List;

/// Files of a directory of /sys that hold one number each, and the families they become. Made once,
/// read for each device. Thread-safe once made.
public final class NumberFiles {
    private record NumberFile(
            String file, String family, MetricType type, double factor, String help) {}

    private final String prefix;
    private final List<NumberFile> files = new ArrayList<>();

    private NumberFiles(String prefix) {
        this.prefix = prefix;
    }

    /// @param prefix of all families' names
    public static NumberFiles of(String prefix) {
        return new NumberFiles(prefix);
    }

    /// A counter in the kernel's own unit.
    public NumberFiles counter(String file, String family, String help) {
        return add(file, family, MetricType.COUNTER, 1, help);
    }

    /// A counter whose kernel's unit is `factor` of ours.
    public NumberFiles counter(String file, String family, double factor, String help) {
        return add(file, family, MetricType.COUNTER, factor, help);
    }

    /// A gauge in the kernel's own unit.
    public NumberFiles gauge(String file, String family, String help) {
        return add(file, family, MetricType.GAUGE, 1, help);
    }

    /// A gauge whose kernel's unit is `factor` of ours.
    public NumberFiles gauge(String file, String family, double factor, String help) {
        return add(file, family, MetricType.GAUGE, factor, help);
    }

    private NumberFiles add(
            String file, String family, MetricType type, double factor, String help) {
        files.add(new NumberFile(file, prefix + family, type, factor, help));
        return this;
    }

    /// Reads the files that are there and hold a number.
    ///
    /// @param labelled names and values of the samples' labels in turn
    public void read(HostDirectory directory, FamilyTable table, String... labelled) {
        for (NumberFile file : files) {
            directory
                    .number(file.file())
                    .ifPresent(value ->
                            table.family(file.family(), file.type(), file.help())
                                    .add(scaled(value, file.factor()), labelled));
        }
    }

    /// Divides by a whole number rather than multiplying with its inexact inverse, so that the last
    /// bit is right.
    private static double scaled(double value, double factor) {
        return factor < 1 ? value / Math.rint(1 / factor) : value * factor;
    }
}
