package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Batteries and mains: /sys/class/power_supply.
record PowerSupplies(HostDirectory supplies) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String PREFIX = "node_power_supply_";
    private static final double MICRO = 1e-6;
    private static final double TENTH = 1e-1;

    private static final String[] FACTS = {
        "capacity_level",
        "charge_type",
        "health",
        "manufacturer",
        "model_name",
        "scope",
        "serial_number",
        "status",
        "technology",
        "type",
        "usb_type"
    };

    private static final String[] PLAIN = {
        "authentic",
        "calibrate",
        "capacity",
        "capacity_alert_max",
        "capacity_alert_min",
        "charge_control_limit",
        "charge_control_limit_max",
        "online",
        "present",
        "time_to_empty_avg",
        "time_to_full_avg"
    };

    /// Units of a millionth that keep their names.
    private static final String[] MILLIONTHS = {
        "charge_avg",
        "charge_counter",
        "charge_empty",
        "charge_empty_design",
        "charge_full",
        "charge_full_design",
        "constant_charge_current",
        "constant_charge_current_max",
        "constant_charge_voltage",
        "constant_charge_voltage_max",
        "current_avg",
        "current_boot",
        "current_max",
        "energy_avg",
        "energy_empty",
        "energy_empty_design",
        "energy_full",
        "energy_full_design",
        "input_current_limit",
        "power_avg",
        "precharge_current",
        "voltage_avg",
        "voltage_boot",
        "voltage_max",
        "voltage_max_design",
        "voltage_min",
        "voltage_min_design",
        "voltage_ocv"
    };

    private static final String[] TEMPERATURES = {
        "temp_alert_max",
        "temp_alert_min",
        "temp_ambient",
        "temp_ambient_max",
        "temp_ambient_min",
        "temp_max",
        "temp_min"
    };

    private static final NumberFiles FILES = files();

    private static NumberFiles files() {
        NumberFiles files =
                NumberFiles.of(PREFIX)
                        .gauge("cycle_count", "cyclecount", "Times that it was charged.")
                        .gauge("charge_now", "charge_ampere", MICRO, "Charge now.")
                        .gauge("current_now", "current_ampere", MICRO, "Current now.")
                        .gauge("energy_now", "energy_watthour", MICRO, "Energy now.")
                        .gauge("power_now", "power_watt", MICRO, "Power now.")
                        .gauge("voltage_now", "voltage_volt", MICRO, "Voltage now.")
                        .gauge("temp", "temp_celsius", TENTH, "Temperature now.")
                        .gauge("time_to_empty_now", "time_to_empty_seconds", "Time that is left.")
                        .gauge("time_to_full_now", "time_to_full_seconds", "Time until full.");
        for (String file : PLAIN) {
            files.gauge(file, file, "Property " + file + ".");
        }
        for (String file : MILLIONTHS) {
            files.gauge(file, file, MICRO, "Property " + file + ".");
        }
        for (String file : TEMPERATURES) {
            files.gauge(file, file + "_celsius", TENTH, "Property " + file + ".");
        }
        return files;
    }

    void fill(FamilyTable table) {
        for (HostDirectory supply : supplies.directories(ANY)) {
            FILES.read(supply, table, "power_supply", supply.name());
            List<String> labels = new ArrayList<>();
            for (String fact : FACTS) {
                String text = supply.textOrEmpty(fact);
                if (!text.isEmpty()) {
                    labels.add(fact);
                    labels.add(text);
                }
            }
            labels.add("power_supply");
            labels.add(supply.name());
            table.gauge(PREFIX + "info", "What the supply is.")
                    .add(1, labels.toArray(String[]::new));
        }
    }
}
