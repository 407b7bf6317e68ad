package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.regex.Pattern;

/// Thermal zones and what cools them: /sys/class/thermal.
record Temperatures(HostDirectory thermal) {
    private static final Pattern ZONE = Pattern.compile("thermal_zone\\d+");
    private static final Pattern COOLER = Pattern.compile("cooling_device\\d+");

    private static final NumberFiles TEMPERATURE =
            NumberFiles.of("node_thermal_zone_")
                    .gauge("temp", "temp", 1e-3, "Temperature in degrees Celsius.");
    private static final NumberFiles STATES =
            NumberFiles.of("node_cooling_device_")
                    .gauge("cur_state", "cur_state", "How much it cools now.")
                    .gauge("max_state", "max_state", "How much it can cool.");

    void fill(FamilyTable table) {
        for (HostDirectory zone : thermal.directories(ZONE)) {
            TEMPERATURE.read(
                    zone,
                    table,
                    "type",
                    zone.textOrEmpty("type"),
                    "zone",
                    zone.name().substring("thermal_zone".length()));
        }
        for (HostDirectory cooler : thermal.directories(COOLER)) {
            STATES.read(
                    cooler,
                    table,
                    "name",
                    cooler.name().substring("cooling_device".length()),
                    "type",
                    cooler.textOrEmpty("type"));
        }
    }
}
