package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// How many sockets there are of each kind: /proc/net/sockstat and its twin for IPv6.
final class SocketCollector implements Collector {
    private final HostFile four;
    private final HostFile six;
    private final TextCursor text = new TextCursor();
    private final double pageBytes = MemoryPage.sizeBytes();

    /// Names by protocol and key, made once.
    private final Map<String, Map<String, String>> names = new HashMap<>();

    SocketCollector(HostExporterConfig config) {
        four = new HostFile(config.procfs().resolve("net/sockstat"));
        six = new HostFile(config.procfs().resolve("net/sockstat6"));
    }

    @Override
    public String name() {
        return "sockstat";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        four.read(text);
        table(into);
        try {
            six.read(text);
        } catch (FileNotFoundException e) {
            // a host without IPv6
            return;
        }
        table(into);
    }

    private void table(ExpositionWriter into) throws IOException {
        while (text.nextLine()) {
            if (!text.nextField((byte) ':')) {
                continue;
            }
            String protocol = text.text();
            while (text.nextField()) {
                String key = text.text();
                double value = text.nextNumber();
                gauge(into, protocol, key, value);
                if (key.equals("mem")) {
                    gauge(into, protocol, "mem_bytes", value * pageBytes);
                }
            }
        }
    }

    private void gauge(ExpositionWriter into, String protocol, String key, double value) {
        String name =
                names.computeIfAbsent(protocol, ignored -> new HashMap<>())
                        .computeIfAbsent(key, last -> "node_sockstat_" + protocol + "_" + last);
        into.family(name, MetricType.GAUGE, "Sockets by protocol and state.").sample(name, value);
    }
}
