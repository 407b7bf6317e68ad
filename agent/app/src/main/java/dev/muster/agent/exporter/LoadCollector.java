package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;

/// How many tasks run or wait, averaged over 1, 5 and 15 minutes: /proc/loadavg.
final class LoadCollector implements Collector {
    private final HostFile file;
    private final TextCursor text = new TextCursor();

    LoadCollector(HostExporterConfig config) {
        file = new HostFile(config.procfs().resolve("loadavg"));
    }

    @Override
    public String name() {
        return "loadavg";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        text.nextLine();
        load(into, "node_load1", "Load average of 1 minute.");
        load(into, "node_load5", "Load average of 5 minutes.");
        load(into, "node_load15", "Load average of 15 minutes.");
    }

    private void load(ExpositionWriter into, String name, String help) throws IOException {
        text.nextField();
        into.family(name, MetricType.GAUGE, help).sample(name, text.decimal());
    }
}
