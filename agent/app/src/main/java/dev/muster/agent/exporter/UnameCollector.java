package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;

/// Which kernel this is, on which machine: /proc/sys/kernel, as uname(2) says it.
final class UnameCollector implements Collector {
    private static final String[][] LABELS = {
        {"domainname", "domainname"},
        {"nodename", "hostname"},
        {"release", "osrelease"},
        {"sysname", "ostype"},
        {"version", "version"}
    };

    private final HostFile[] files = new HostFile[LABELS.length];
    private final String machine = machine(System.getProperty("os.arch", ""));
    private final TextCursor text = new TextCursor();

    UnameCollector(HostExporterConfig config) {
        for (int i = 0; i < LABELS.length; i++) {
            files[i] = new HostFile(config.procfs().resolve("sys/kernel").resolve(LABELS[i][1]));
        }
    }

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        String name = "node_uname_info";
        into.family(name, MetricType.GAUGE, "The kernel and the machine; always 1.").begin(name);
        for (int i = 0; i < LABELS.length; i++) {
            files[i].read(text);
            text.nextLine();
            text.restOfLine();
            into.label(LABELS[i][0], text.bytes(), text.fieldStart(), text.fieldEnd());
            if (i == 0) {
                into.label("machine", machine);
            }
        }
        into.end(1);
    }

    /// The JVM runs natively, so its architecture is the machine's, but it has names of its own.
    static String machine(String architecture) {
        return switch (architecture) {
            case "amd64" -> "x86_64";
            case "arm" -> "armv7l";
            case "x86", "i386" -> "i686";
            default -> architecture;
        };
    }
}
