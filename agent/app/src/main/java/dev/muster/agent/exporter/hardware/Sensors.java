package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sensors for temperature, voltage, fans and more: /sys/class/hwmon, whose files the kernel's
/// document "Naming and data format standards for sysfs files" describes.
record Sensors(HostDirectory chips) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern FILE =
            Pattern.compile("(?<type>[^0-9]+?)(?<id>[0-9]*)(?:_(?<property>.+))?");
    private static final Set<String> TYPES =
            Set.of(
                    "vrm",
                    "beep_enable",
                    "update_interval",
                    "in",
                    "cpu",
                    "fan",
                    "pwm",
                    "temp",
                    "curr",
                    "power",
                    "energy",
                    "humidity",
                    "intrusion",
                    "freq");
    private static final String PREFIX = "node_hwmon_";
    private static final double MILLI = 1e3;
    private static final double MICRO = 1e6;

    /// A sensor's files, by property; the empty one is the sensor itself.
    ///
    /// @param name such as temp1
    private record Sensor(String type, String name, Map<String, String> files) {}

    void fill(FamilyTable table) {
        for (HostDirectory chip : chips.directories(ANY)) {
            Map<String, Sensor> sensors = new TreeMap<>();
            read(chip, sensors);
            read(chip.below("device"), sensors);
            String name = name(chip);
            chip.text("name")
                    .map(Sensors::clean)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text ->
                            table.gauge(PREFIX + "chip_names", "Names of the chips.")
                                    .add(1, "chip", name, "chip_name", text));
            sensors.values().forEach(sensor -> write(name, sensor, table));
        }
    }

    private static void read(HostDirectory directory, Map<String, Sensor> sensors) {
        for (HostDirectory entry : directory.entries(ANY)) {
            Matcher file = FILE.matcher(entry.name());
            if (!file.matches() || !TYPES.contains(file.group("type")) || entry.exists()) {
                continue;
            }
            String type = file.group("type");
            String property = Optional.ofNullable(file.group("property")).orElse("");
            directory
                    .text(entry.name())
                    .ifPresent(text ->
                            sensors.computeIfAbsent(
                                            type + file.group("id"),
                                            made -> new Sensor(type, made, new LinkedHashMap<>()))
                                    .files()
                                    .put(property, text));
        }
    }

    /// Bus and device that the chip belongs to, so that the name stays when chips are numbered
    /// otherwise; the chip's own name, or number, without one.
    private static String name(HostDirectory chip) {
        Optional<Path> device = chip.below("device").real();
        String own = clean(chip.textOrEmpty("name"));
        if (device.isPresent()) {
            String deviceName = clean(String.valueOf(device.get().getFileName()));
            Path parent = device.get().getParent();
            String bus = parent == null ? "" : clean(String.valueOf(parent.getFileName()));
            String both = bus.isEmpty() ? deviceName : bus + "_" + deviceName;
            return hasSiblings(chip) && !own.isEmpty() ? both + "_" + own : both;
        }
        return own.isEmpty() ? chip.name() : own;
    }

    private static boolean hasSiblings(HostDirectory chip) {
        return chip.real()
                .map(Path::getParent)
                .map(parent -> new HostDirectory(parent).directories(ANY).size() > 1)
                .orElse(false);
    }

    private static String clean(String name) {
        return name.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9:_]", "_")
                .replaceAll("^_+|_+$", "");
    }

    private static void write(String chip, Sensor sensor, FamilyTable table) {
        String label = sensor.files().get("label");
        if (label != null) {
            table.gauge(PREFIX + "sensor_label", "Labels of the sensors.")
                    .add(1, "chip", chip, "label", label, "sensor", sensor.name());
        }
        sensor.files()
                .forEach((property, text) -> {
                    OptionalDouble value = HostDirectory.parse(text);
                    if (!property.equals("label") && value.isPresent()) {
                        write(chip, sensor, property, value.getAsDouble(), table);
                    }
                });
    }

    private static void write(
            String chip, Sensor sensor, String property, double value, FamilyTable table) {
        String shown =
                sensor.type().equals("freq") && property.equals("input")
                        ? sensor.files().getOrDefault("label", sensor.name())
                        : sensor.name();
        String[] labels = {"chip", chip, "sensor", shown};
        String name = PREFIX + sensor.type() + suffix(sensor, property);
        String help = "Sensors of type " + sensor.type() + ".";
        if (property.equals("alarm") || property.equals("fault")) {
            table.gauge(PREFIX + sensor.type() + "_" + property, help).add(value, labels);
            return;
        }
        if (property.equals("beep")) {
            table.gauge(PREFIX + sensor.type() + "_beep_enabled", help).add(value, labels);
            return;
        }
        switch (sensor.type()) {
            case "beep_enable" -> table.gauge(PREFIX + "beep_enabled", help).add(value, labels);
            case "vrm" ->
                    table.gauge(PREFIX + "voltage_regulator_version", help).add(value, labels);
            case "update_interval" ->
                    table.gauge(PREFIX + "update_interval_seconds", help)
                            .add(value / MILLI, labels);
            case "in", "cpu" -> table.gauge(name + "_volts", help).add(value / MILLI, labels);
            case "curr" -> table.gauge(name + "_amps", help).add(value / MILLI, labels);
            case "energy" -> table.counter(name + "_joule_total", help).add(value / MICRO, labels);
            case "humidity" -> table.gauge(name, help).add(value / MICRO, labels);
            case "temp" -> temperature(name, property, help, value, labels, table);
            case "power" -> power(name, property, help, value, labels, table);
            case "fan" ->
                    table.gauge(isSpeed(property) ? name + "_rpm" : name, help).add(value, labels);
            case "freq" -> frequency(name, property, help, value, labels, table);
            default -> table.gauge(name, help).add(value, labels);
        }
    }

    /// What is read is the sensor itself, but where the sensor has a file without property, too.
    private static String suffix(Sensor sensor, String property) {
        boolean bare =
                property.isEmpty() || (property.equals("input") && !sensor.files().containsKey(""));
        return bare ? "" : "_" + clean(property);
    }

    private static boolean isSpeed(String property) {
        return switch (property) {
            case "input", "min", "max", "target" -> true;
            default -> false;
        };
    }

    private static void temperature(
            String name,
            String property,
            String help,
            double value,
            String[] labels,
            FamilyTable table) {
        if (property.equals("type")) {
            table.gauge(name, help).add(value, labels);
        } else {
            table.gauge(name + "_celsius", help).add(value / MILLI, labels);
        }
    }

    private static void power(
            String name,
            String property,
            String help,
            double value,
            String[] labels,
            FamilyTable table) {
        switch (property) {
            case "accuracy" -> table.gauge(name, help).add(value / MICRO, labels);
            case "average_interval", "average_interval_min", "average_interval_max" ->
                    table.gauge(name + "_seconds", help).add(value / MILLI, labels);
            default -> table.gauge(name + "_watt", help).add(value / MICRO, labels);
        }
    }

    private static void frequency(
            String name,
            String property,
            String help,
            double value,
            String[] labels,
            FamilyTable table) {
        if (property.equals("input")) {
            table.gauge(name + "_freq_mhz", help).add(value / MICRO, labels);
        } else {
            table.gauge(name, help).add(value, labels);
        }
    }
}
