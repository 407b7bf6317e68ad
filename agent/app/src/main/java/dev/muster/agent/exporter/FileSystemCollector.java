package dev.muster.agent.exporter;

import dev.muster.agent.exporter.MountTable.Mount;
import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.List;

/// How full the mounted file systems are: statvfs(3) of every mount.
final class FileSystemCollector implements Collector {
    private final MountTable table;
    private final FileSystemUsage usage = FileSystemUsage.ofThisPlatform();

    /// Error of each mount of this collection; empty where it answered.
    private String[] errors = new String[0];

    /// [FileSystemUsage#FIELDS] values of each mount.
    private double[] values = new double[0];

    FileSystemCollector(HostExporterConfig config) {
        table = new MountTable(config.procfs(), config.rootfs());
    }

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        List<Mount> mounts = table.mounts();
        if (errors.length < mounts.size()) {
            errors = new String[mounts.size()];
            values = new double[mounts.size() * FileSystemUsage.FIELDS];
        }
        for (int i = 0; i < mounts.size(); i++) {
            errors[i] = usage.read(mounts.get(i).path(), values, i * FileSystemUsage.FIELDS);
        }
        field(into, mounts, "size_bytes", "Size of the file system.", FileSystemUsage.SIZE);
        field(into, mounts, "free_bytes", "Bytes free, for root too.", FileSystemUsage.FREE);
        field(into, mounts, "avail_bytes", "Bytes free for all users.", FileSystemUsage.AVAILABLE);
        field(into, mounts, "files", "Files there could be.", FileSystemUsage.FILES);
        field(into, mounts, "files_free", "Files more there could be.", FileSystemUsage.FILES_FREE);
        flags(into, mounts);
        info(into, mounts);
    }

    private void field(
            ExpositionWriter into, List<Mount> mounts, String suffix, String help, int field) {
        String name = "node_filesystem_" + suffix;
        into.family(name, MetricType.GAUGE, help);
        for (int i = 0; i < mounts.size(); i++) {
            double value = values[i * FileSystemUsage.FIELDS + field];
            if (errors[i].isEmpty() && !Double.isNaN(value)) {
                begin(into, name, mounts.get(i), "").end(value);
            }
        }
    }

    private void flags(ExpositionWriter into, List<Mount> mounts) {
        String readOnly = "node_filesystem_readonly";
        into.family(readOnly, MetricType.GAUGE, "Whether it is mounted for reading only.");
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            begin(into, readOnly, mount, errors[i]).end(mount.readOnly() ? 1 : 0);
        }
        String error = "node_filesystem_device_error";
        into.family(error, MetricType.GAUGE, "Whether it refused to answer.");
        for (int i = 0; i < mounts.size(); i++) {
            begin(into, error, mounts.get(i), errors[i]).end(errors[i].isEmpty() ? 0 : 1);
        }
    }

    private static void info(ExpositionWriter into, List<Mount> mounts) {
        String name = "node_filesystem_mount_info";
        into.family(name, MetricType.GAUGE, "Device numbers of the mount; always 1.");
        for (Mount mount : mounts) {
            into.begin(name)
                    .label("device", mount.device())
                    .label("major", mount.major())
                    .label("minor", mount.minor())
                    .label("mountpoint", mount.point())
                    .end(1);
        }
    }

    private static ExpositionWriter begin(
            ExpositionWriter into, String name, Mount mount, String error) {
        return into.begin(name)
                .label("device", mount.device())
                .label("device_error", error)
                .label("fstype", mount.type())
                .label("mountpoint", mount.point());
    }
}
