package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.regex.Pattern;

/// Fibre Channel host adapters and what they counted: /sys/class/fc_host.
record FibreChannel(HostDirectory hosts) {
    private static final Pattern ANY = Pattern.compile("host.*");
    private static final String PREFIX = "node_fibrechannel_";
    private static final String[] FACTS = {
        "dev_loss_tmo",
        "fabric_name",
        "port_id",
        "port_name",
        "port_state",
        "port_type",
        "speed",
        "supported_classes",
        "supported_speeds",
        "symbolic_name"
    };

    private static final NumberFiles COUNTERS =
            NumberFiles.of(PREFIX)
                    .counter("dumped_frames", "dumped_frames_total", "Frames dumped.")
                    .counter("error_frames", "error_frames_total", "Frames with errors.")
                    .counter("fcp_packet_aborts", "fcp_packet_aborts_total", "Packets aborted.")
                    .counter("invalid_crc_count", "invalid_crc_total", "Wrong checksums.")
                    .counter(
                            "invalid_tx_word_count",
                            "invalid_tx_words_total",
                            "Invalid words sent.")
                    .counter("link_failure_count", "link_failure_total", "Links that failed.")
                    .counter("loss_of_signal_count", "loss_of_signal_total", "Signals lost.")
                    .counter("loss_of_sync_count", "loss_of_sync_total", "Times out of step.")
                    .counter("nos_count", "nos_total", "Not-operational sequences received.")
                    .counter("rx_frames", "rx_frames_total", "Frames received.")
                    .counter("rx_words", "rx_words_total", "Words received.")
                    .counter(
                            "seconds_since_last_reset",
                            "seconds_since_last_reset_total",
                            "Seconds since the last reset.")
                    .counter("tx_frames", "tx_frames_total", "Frames sent.")
                    .counter("tx_words", "tx_words_total", "Words sent.");

    void fill(FamilyTable table) {
        for (HostDirectory host : hosts.directories(ANY)) {
            String[] labels = new String[2 * FACTS.length + 2];
            labels[0] = "fc_host";
            labels[1] = host.name();
            for (int i = 0; i < FACTS.length; i++) {
                labels[2 * i + 2] = FACTS[i];
                labels[2 * i + 3] = fact(host.textOrEmpty(FACTS[i]));
            }
            table.gauge(PREFIX + "info", "What the adapter is.").add(1, labels);
            COUNTERS.read(host.below("statistics"), table, "fc_host", host.name());
        }
    }

    /// Names are told without their `0x`.
    private static String fact(String text) {
        return text.startsWith("0x") ? text.substring(2) : text;
    }
}
