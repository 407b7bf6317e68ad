package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.regex.Pattern;

/// What tape drives did: /sys/class/scsi_tape.
record Tapes(HostDirectory drives) {
    private static final Pattern DRIVE = Pattern.compile("st\\d+");

    private static final NumberFiles FILES =
            NumberFiles.of("node_tape_")
                    .gauge("in_flight", "io_now", "Operations under way.")
                    .counter("other_cnt", "io_others_total", "Other operations.")
                    .counter("io_ns", "io_time_seconds_total", 1e-9, "Time of all operations.")
                    .counter("read_byte_cnt", "read_bytes_total", "Bytes read.")
                    .counter("read_ns", "read_time_seconds_total", 1e-9, "Time of reads.")
                    .counter("read_cnt", "reads_completed_total", "Reads.")
                    .counter("resid_cnt", "residual_total", "Operations that left something.")
                    .counter("write_byte_cnt", "written_bytes_total", "Bytes written.")
                    .counter("write_ns", "write_time_seconds_total", 1e-9, "Time of writes.")
                    .counter("write_cnt", "writes_completed_total", "Writes.");

    void fill(FamilyTable table) {
        for (HostDirectory drive : drives.directories(DRIVE)) {
            FILES.read(drive.below("stats"), table, "device", drive.name());
        }
    }
}
