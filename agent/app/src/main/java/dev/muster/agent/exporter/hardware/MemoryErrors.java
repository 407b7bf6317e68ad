package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.regex.Pattern;

/// Errors that memory controllers found: /sys/devices/system/edac/mc.
record MemoryErrors(HostDirectory controllers) {
    private static final Pattern CONTROLLER = Pattern.compile("mc\\d+");
    private static final Pattern ROW = Pattern.compile("csrow\\d+");
    private static final Pattern CHANNEL = Pattern.compile("ch\\d+_ce_count");
    private static final String PREFIX = "node_edac_";

    private static NumberFiles counts(String correctable, String uncorrectable, String scope) {
        return NumberFiles.of(PREFIX + scope)
                .counter(correctable, "correctable_errors_total", "Memory errors mended.")
                .counter(uncorrectable, "uncorrectable_errors_total", "Memory errors not mended.");
    }

    private static final NumberFiles ALL = counts("ce_count", "ue_count", "");
    private static final NumberFiles IN_ROW = counts("ce_count", "ue_count", "csrow_");
    private static final NumberFiles IN_NO_ROW =
            counts("ce_noinfo_count", "ue_noinfo_count", "csrow_");

    void fill(FamilyTable table) {
        for (HostDirectory controller : controllers.directories(CONTROLLER)) {
            String number = controller.name().substring("mc".length());
            ALL.read(controller, table, "controller", number);
            IN_NO_ROW.read(controller, table, "controller", number, "csrow", "unknown");
            for (HostDirectory row : controller.directories(ROW)) {
                String rowNumber = row.name().substring("csrow".length());
                IN_ROW.read(row, table, "controller", number, "csrow", rowNumber);
                channels(row, rowNumber, number, table);
            }
        }
    }

    /// `mc#0csrow#0channel#0`, which the kernel makes up where nobody named the socket, reads
    /// better apart.
    private static String label(String text) {
        return text.replace("#", "").replace("csrow", "_csrow").replace("channel", "_channel");
    }

    private static void channels(
            HostDirectory row, String rowNumber, String controller, FamilyTable table) {
        for (HostDirectory file : row.entries(CHANNEL)) {
            String channel = file.name().substring(0, file.name().indexOf('_'));
            counts(channel + "_ce_count", channel + "_ue_count", "channel_")
                    .read(
                            row,
                            table,
                            "channel",
                            channel.substring("ch".length()),
                            "controller",
                            controller,
                            "csrow",
                            rowNumber,
                            "dimm_label",
                            label(row.textOrEmpty(channel + "_dimm_label")));
        }
    }
}
