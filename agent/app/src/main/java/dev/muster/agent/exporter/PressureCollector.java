package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.FileNotFoundException;
import java.io.IOException;

/// How long tasks waited for CPU, memory, I/O and interrupts: /proc/pressure, where the kernel
/// keeps it.
final class PressureCollector implements Collector {
    /// @param some name and help of the time that some task waited; empty where none is exposed
    /// @param full name and help of the time that all tasks waited
    private record Resource(HostFile file, FieldFamilies.Family some, FieldFamilies.Family full) {}

    private static final FieldFamilies.Family NONE = new FieldFamilies.Family("", "");

    private final Resource[] resources;
    private final TextCursor text = new TextCursor();

    PressureCollector(HostExporterConfig config) {
        resources =
                new Resource[] {
                    new Resource(file(config, "cpu"), waiting("cpu", "for CPU time"), NONE),
                    new Resource(
                            file(config, "io"), waiting("io", "for I/O"), stalled("io", "I/O")),
                    new Resource(
                            file(config, "memory"),
                            waiting("memory", "for memory"),
                            stalled("memory", "memory")),
                    new Resource(file(config, "irq"), NONE, stalled("irq", "interrupts"))
                };
    }

    private static HostFile file(HostExporterConfig config, String resource) {
        return new HostFile(config.procfs().resolve("pressure").resolve(resource));
    }

    private static FieldFamilies.Family waiting(String resource, String what) {
        return new FieldFamilies.Family(
                "node_pressure_" + resource + "_waiting_seconds_total",
                "Time that at least one task waited " + what + ".");
    }

    private static FieldFamilies.Family stalled(String resource, String what) {
        return new FieldFamilies.Family(
                "node_pressure_" + resource + "_stalled_seconds_total",
                "Time that no task could go on because of " + what + ".");
    }

    @Override
    public String name() {
        return "pressure";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        boolean any = false;
        for (Resource resource : resources) {
            try {
                resource.file().read(text);
            } catch (FileNotFoundException e) {
                // an older kernel does not know this resource
                continue;
            }
            any = true;
            resource(into, resource);
        }
        if (!any) {
            throw new FileNotFoundException("pressure must be kept by the kernel: found=nothing");
        }
    }

    private void resource(ExpositionWriter into, Resource resource) throws IOException {
        while (text.nextLine()) {
            text.nextField();
            FieldFamilies.Family family = text.fieldIs("some") ? resource.some() : resource.full();
            while (text.nextField() && !text.fieldStartsWith("total=")) {}
            if (!family.name().isEmpty()) {
                double seconds = text.numberFrom("total=".length()) / 1000 / 1000;
                into.family(family.name(), MetricType.COUNTER, family.help())
                        .sample(family.name(), seconds);
            }
        }
    }
}
