package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;

/// Interrupts, forks, context switches and the time of boot: the lines of /proc/stat after those of
/// the CPUs.
final class StatCollector implements Collector {
    private static final String[] VECTORS = {
        "hi",
        "timer",
        "net_tx",
        "net_rx",
        "block",
        "block_iopoll",
        "tasklet",
        "sched",
        "hrtimer",
        "rcu"
    };

    private final HostFile file;
    private final TextCursor text = new TextCursor();
    private final boolean details;

    StatCollector(HostExporterConfig config) {
        file = new HostFile(config.procfs().resolve("stat"));
        details = config.details();
    }

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        while (text.nextLine()) {
            text.nextField();
            if (text.fieldStartsWith("cpu")) {
                continue;
            }
            line(into);
        }
    }

    private void line(ExpositionWriter into) throws IOException {
        if (text.fieldIs("intr")) {
            counter(into, "node_intr_total", "Interrupts serviced.");
        } else if (text.fieldIs("ctxt")) {
            counter(into, "node_context_switches_total", "Context switches.");
        } else if (text.fieldIs("processes")) {
            counter(into, "node_forks_total", "Processes and threads created.");
        } else if (text.fieldIs("btime")) {
            gauge(into, "node_boot_time_seconds", "When the host booted, Unix time.");
        } else if (text.fieldIs("procs_running")) {
            gauge(into, "node_procs_running", "Processes that run or could run.");
        } else if (text.fieldIs("procs_blocked")) {
            gauge(into, "node_procs_blocked", "Processes that wait for I/O.");
        } else if (text.fieldIs("softirq") && details) {
            softirqs(into);
        }
    }

    private void counter(ExpositionWriter into, String name, String help) throws IOException {
        into.family(name, MetricType.COUNTER, help).sample(name, text.nextNumber());
    }

    private void gauge(ExpositionWriter into, String name, String help) throws IOException {
        into.family(name, MetricType.GAUGE, help).sample(name, text.nextNumber());
    }

    private void softirqs(ExpositionWriter into) throws IOException {
        String name = "node_softirqs_total";
        into.family(name, MetricType.COUNTER, "Soft interrupts, by vector.");
        text.nextNumber();
        for (String vector : VECTORS) {
            into.sample(name, "vector", vector, text.nextNumber());
        }
    }
}
