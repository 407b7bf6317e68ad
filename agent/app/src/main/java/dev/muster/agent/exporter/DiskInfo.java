package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What udev and /sys know of block devices: model, serial number, file system, device mapper.
///
/// It seldom changes, so it is read again only when the devices change or some time has passed.
final class DiskInfo {
    private static final long REFRESH_NANOS = 30_000_000_000L;

    private static final String[][] ATA = {
        {"ID_ATA_WRITE_CACHE", "node_disk_ata_write_cache", "The ATA disk has a write cache."},
        {
            "ID_ATA_WRITE_CACHE_ENABLED",
            "node_disk_ata_write_cache_enabled",
            "The ATA disk's write cache is on."
        },
        {
            "ID_ATA_ROTATION_RATE_RPM",
            "node_disk_ata_rotation_rate_rpm",
            "Turns per minute of the ATA disk; 0 for one that does not turn."
        }
    };

    /// @param properties what udev says
    /// @param rotational `1` if it turns
    private record Device(
            String name, int major, int minor, Map<String, String> properties, String rotational) {
        String property(String key) {
            return properties.getOrDefault(key, "");
        }

        String firstOf(String... keys) {
            for (String key : keys) {
                String value = property(key);
                if (!value.isEmpty()) {
                    return value;
                }
            }
            return "";
        }
    }

    private final Path udev;
    private final Path block;
    private final List<Device> devices = new ArrayList<>();
    private int count;
    private long readAtNanos;

    DiskInfo(Path udev, Path block) {
        this.udev = udev;
        this.block = block;
    }

    /// A list of the devices starts.
    void start() {
        count = 0;
        long now = System.nanoTime();
        if (now - readAtNanos > REFRESH_NANOS) {
            devices.clear();
            readAtNanos = now;
        }
    }

    /// The next device of the list.
    void add(String name, int major, int minor) throws IOException {
        if (count < devices.size()) {
            Device known = devices.get(count);
            if (known.major() != major || known.minor() != minor || !known.name().equals(name)) {
                devices.subList(count, devices.size()).clear();
            }
        }
        if (count == devices.size()) {
            devices.add(read(name, major, minor));
        }
        count++;
    }

    private Device read(String name, int major, int minor) throws IOException {
        Map<String, String> properties = new HashMap<>();
        Path file = udev.resolve("b" + major + ":" + minor);
        if (Files.isReadable(file)) {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (line.startsWith("E:") && equals > 0) {
                    properties.put(line.substring(2, equals), line.substring(equals + 1));
                }
            }
        }
        return new Device(name, major, minor, properties, rotational(name));
    }

    private String rotational(String name) throws IOException {
        try {
            return Files.readString(block.resolve(name).resolve("queue/rotational")).strip();
        } catch (NoSuchFileException e) {
            return "0";
        }
    }

    void collect(ExpositionWriter into) {
        devices.subList(count, devices.size()).clear();
        disks(into);
        fileSystems(into);
        mapped(into);
        for (String[] ata : ATA) {
            ata(into, ata[0], ata[1], ata[2]);
        }
    }

    private void disks(ExpositionWriter into) {
        String name = "node_disk_info";
        into.family(name, MetricType.GAUGE, "What the block device is; always 1.");
        for (Device device : devices) {
            into.begin(name)
                    .label("device", device.name())
                    .label("major", device.major())
                    .label("minor", device.minor())
                    .label("model", device.property("ID_MODEL"))
                    .label("path", device.property("ID_PATH"))
                    .label("revision", device.property("ID_REVISION"))
                    .label("rotational", device.rotational())
                    .label(
                            "serial",
                            device.firstOf("SCSI_IDENT_SERIAL", "ID_SERIAL_SHORT", "ID_SERIAL"))
                    .label("wwn", device.property("ID_WWN"))
                    .end(1);
        }
    }

    private void fileSystems(ExpositionWriter into) {
        String name = "node_disk_filesystem_info";
        boolean any = false;
        for (Device device : devices) {
            if (device.property("ID_FS_TYPE").isEmpty()) {
                continue;
            }
            if (!any) {
                into.family(
                        name, MetricType.GAUGE, "The file system on the block device; always 1.");
                any = true;
            }
            into.begin(name)
                    .label("device", device.name())
                    .label("type", device.property("ID_FS_TYPE"))
                    .label("usage", device.property("ID_FS_USAGE"))
                    .label("uuid", device.property("ID_FS_UUID"))
                    .label("version", device.property("ID_FS_VERSION"))
                    .end(1);
        }
    }

    private void mapped(ExpositionWriter into) {
        String name = "node_disk_device_mapper_info";
        boolean any = false;
        for (Device device : devices) {
            if (device.property("DM_NAME").isEmpty()) {
                continue;
            }
            if (!any) {
                into.family(name, MetricType.GAUGE, "The device mapper's volume; always 1.");
                any = true;
            }
            into.begin(name)
                    .label("device", device.name())
                    .label("lv_layer", device.property("DM_LV_LAYER"))
                    .label("lv_name", device.property("DM_LV_NAME"))
                    .label("name", device.property("DM_NAME"))
                    .label("uuid", device.property("DM_UUID"))
                    .label("vg_name", device.property("DM_VG_NAME"))
                    .end(1);
        }
    }

    private void ata(ExpositionWriter into, String key, String name, String help) {
        boolean any = false;
        for (Device device : devices) {
            String value = device.property(key);
            if (device.property("ID_ATA").isEmpty() || !value.matches("\\d{1,15}")) {
                continue;
            }
            if (!any) {
                into.family(name, MetricType.GAUGE, help);
                any = true;
            }
            into.sample(name, "device", device.name(), Long.parseLong(value));
        }
    }
}
