package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.util.ArrayList;
import java.util.List;

/// What the firmware says of the machine: /sys/class/dmi/id. Serial numbers can be read by root
/// alone; what cannot be read is left out.
record Identification(HostDirectory directory) {
    private static final String[] FILES = {
        "bios_date",
        "bios_release",
        "bios_vendor",
        "bios_version",
        "board_asset_tag",
        "board_name",
        "board_serial",
        "board_vendor",
        "board_version",
        "chassis_asset_tag",
        "chassis_serial",
        "chassis_vendor",
        "chassis_version",
        "product_family",
        "product_name",
        "product_serial",
        "product_sku",
        "product_uuid",
        "product_version",
        "sys_vendor"
    };

    void fill(FamilyTable table) {
        List<String> labels = new ArrayList<>();
        for (String file : FILES) {
            directory
                    .text(file)
                    .ifPresent(text -> {
                        labels.add(file.equals("sys_vendor") ? "system_vendor" : file);
                        labels.add(text);
                    });
        }
        if (!labels.isEmpty()) {
            table.gauge("node_dmi_info", "What machine it is.")
                    .add(1, labels.toArray(String[]::new));
        }
    }
}
