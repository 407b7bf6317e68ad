package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What network devices received and sent: /proc/net/dev, and packets nobody wanted from /sys.
final class NetworkCollector implements Collector {
    private static final String[] COLUMNS = {
        "receive_bytes",
        "receive_packets",
        "receive_errs",
        "receive_drop",
        "receive_fifo",
        "receive_frame",
        "receive_compressed",
        "receive_multicast",
        "transmit_bytes",
        "transmit_packets",
        "transmit_errs",
        "transmit_drop",
        "transmit_fifo",
        "transmit_colls",
        "transmit_carrier",
        "transmit_compressed"
    };

    private static final String[] NAMES = new String[COLUMNS.length];
    private static final String[] HELPS = new String[COLUMNS.length];

    static {
        for (int i = 0; i < COLUMNS.length; i++) {
            NAMES[i] = "node_network_" + COLUMNS[i] + "_total";
            HELPS[i] = "Column " + COLUMNS[i] + " of /proc/net/dev.";
        }
    }

    /// One line of the table.
    private static final class Device {
        private final String name;
        private final HostFile unwanted;
        private final double[] columns = new double[COLUMNS.length];

        Device(String name, Path sysfs) {
            this.name = name;
            unwanted = new HostFile(sysfs.resolve(name).resolve("statistics/rx_nohandler"), 64);
        }
    }

    private final Path sysfs;
    private final HostFile file;
    private final TextCursor text = new TextCursor();
    private final List<Device> devices = new ArrayList<>();

    NetworkCollector(HostExporterConfig config) {
        sysfs = config.sysfs().resolve("class/net");
        file = new HostFile(config.procfs().resolve("net/dev"));
    }

    @Override
    public String name() {
        return "netdev";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        // two lines of headings
        text.nextLine();
        text.nextLine();
        int row = 0;
        while (text.nextLine()) {
            row += line(row) ? 1 : 0;
        }
        while (devices.size() > row) {
            devices.removeLast();
        }
        for (int column = 0; column < COLUMNS.length; column++) {
            into.family(NAMES[column], MetricType.COUNTER, HELPS[column]);
            for (Device device : devices) {
                into.sample(NAMES[column], "device", device.name, device.columns[column]);
            }
        }
        unwanted(into);
    }

    /// @return false for an empty line
    private boolean line(int row) throws IOException {
        if (!text.nextField((byte) ':')) {
            return false;
        }
        Device device = row < devices.size() ? devices.get(row) : null;
        if (device == null || !text.fieldIs(device.name)) {
            Device found = new Device(text.text(), sysfs);
            if (device == null) {
                devices.add(found);
            } else {
                devices.set(row, found);
            }
            device = found;
        }
        for (int column = 0; column < COLUMNS.length; column++) {
            device.columns[column] = text.nextNumber();
        }
        return true;
    }

    private void unwanted(ExpositionWriter into) {
        String name = "node_network_receive_nohandler_total";
        boolean any = false;
        for (Device device : devices) {
            try (HostFile count = device.unwanted) {
                count.read(text);
                text.nextLine();
                double value = text.nextNumber();
                if (!any) {
                    into.family(name, MetricType.COUNTER, "Packets that no protocol wanted.");
                    any = true;
                }
                into.sample(name, "device", device.name, value);
            } catch (IOException e) {
                // the device has just gone, or lies in another network namespace than /sys
                continue;
            }
        }
    }
}
