package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What block devices read and wrote: /proc/diskstats, and what udev knows of the devices.
final class DiskCollector implements Collector {
    /// Partitions and devices in memory, as node_exporter leaves them out.
    private static final Pattern EXCLUDED =
            Pattern.compile("(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+");

    private static final double SECTOR_BYTES = 512;
    private static final double MILLISECOND = 1.0 / 1000.0;
    private static final int COLUMNS = 17;

    /// @param factor from the kernel's unit to ours
    private record Column(int index, String name, MetricType type, double factor, String help) {}

    private static Column counter(int index, String name, double factor, String help) {
        return new Column(index, "node_disk_" + name, MetricType.COUNTER, factor, help);
    }

    private static final Column[] TABLE = {
        counter(0, "reads_completed_total", 1, "Reads completed."),
        counter(1, "reads_merged_total", 1, "Reads merged with others."),
        counter(2, "read_bytes_total", SECTOR_BYTES, "Bytes read."),
        counter(3, "read_time_seconds_total", MILLISECOND, "Time that all reads took."),
        counter(4, "writes_completed_total", 1, "Writes completed."),
        counter(5, "writes_merged_total", 1, "Writes merged with others."),
        counter(6, "written_bytes_total", SECTOR_BYTES, "Bytes written."),
        counter(7, "write_time_seconds_total", MILLISECOND, "Time that all writes took."),
        new Column(8, "node_disk_io_now", MetricType.GAUGE, 1, "Reads and writes under way."),
        counter(9, "io_time_seconds_total", MILLISECOND, "Time with at least one I/O under way."),
        counter(
                10,
                "io_time_weighted_seconds_total",
                MILLISECOND,
                "Time with I/O under way, times how many."),
        counter(11, "discards_completed_total", 1, "Discards completed."),
        counter(12, "discards_merged_total", 1, "Discards merged with others."),
        counter(13, "discarded_sectors_total", 1, "Sectors discarded."),
        counter(14, "discard_time_seconds_total", MILLISECOND, "Time that all discards took."),
        counter(15, "flush_requests_total", 1, "Flushes completed."),
        counter(16, "flush_requests_time_seconds_total", MILLISECOND, "Time that all flushes took.")
    };

    /// One line of the table.
    private static final class Disk {
        private final String name;
        private final boolean excluded;
        private final double[] columns = new double[COLUMNS];
        private int known;

        Disk(String name) {
            this.name = name;
            excluded = EXCLUDED.matcher(name).matches();
        }
    }

    private final HostFile file;
    private final TextCursor text = new TextCursor();
    private final DiskInfo info;
    private final List<Disk> disks = new ArrayList<>();

    DiskCollector(HostExporterConfig config) {
        Path procfs = config.procfs();
        file = new HostFile(procfs.resolve("diskstats"));
        info = new DiskInfo(config.udev(), config.sysfs().resolve("block"));
    }

    @Override
    public String name() {
        return "diskstats";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        info.start();
        int row = 0;
        while (text.nextLine()) {
            row += line(row) ? 1 : 0;
        }
        while (disks.size() > row) {
            disks.removeLast();
        }
        for (Column column : TABLE) {
            column(into, column);
        }
        info.collect(into);
    }

    /// @return false for an empty line
    private boolean line(int row) throws IOException {
        if (!text.nextField()) {
            return false;
        }
        int major = (int) text.number();
        int minor = (int) text.nextNumber();
        text.nextField();
        Disk disk = row < disks.size() ? disks.get(row) : null;
        if (disk == null || !text.fieldIs(disk.name)) {
            Disk found = new Disk(text.text());
            if (disk == null) {
                disks.add(found);
            } else {
                disks.set(row, found);
            }
            disk = found;
        }
        if (!disk.excluded) {
            info.add(disk.name, major, minor);
            disk.known = 0;
            while (disk.known < COLUMNS && text.nextField()) {
                disk.columns[disk.known++] = text.number();
            }
        }
        return true;
    }

    private void column(ExpositionWriter into, Column column) {
        boolean any = false;
        for (Disk disk : disks) {
            if (disk.excluded || disk.known <= column.index()) {
                continue;
            }
            if (!any) {
                into.family(column.name(), column.type(), column.help());
                any = true;
            }
            into.sample(
                    column.name(),
                    "device",
                    disk.name,
                    disk.columns[column.index()] * column.factor());
        }
    }
}
