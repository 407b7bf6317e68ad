package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NoDataException;
import dev.muster.agent.exporter.collect.Words;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/// TCP sockets by state, and the bytes in their queues: /proc/net/tcp and tcp6.
record TcpStates(HostDirectory net) {
    private static final int STATE = 3;
    private static final int QUEUES = 4;

    /// By the kernel's numbers, from 1 on.
    private static final String[] NAMES = {
        "established",
        "syn_sent",
        "syn_recv",
        "fin_wait1",
        "fin_wait2",
        "time_wait",
        "close",
        "close_wait",
        "last_ack",
        "listen",
        "closing"
    };

    void fill(FamilyTable table) throws IOException {
        long[] counts = new long[NAMES.length];
        long[] queued = new long[2];
        if (!read("tcp", counts, queued)) {
            throw new NoDataException("host has no file " + net.path().resolve("tcp"));
        }
        read("tcp6", counts, queued);
        FamilyTable.Family states =
                table.gauge(
                        "node_tcp_connection_states",
                        "TCP sockets by state, and bytes in their queues.");
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                states.add(counts[i], "state", NAMES[i]);
            }
        }
        states.add(queued[1], "state", "rx_queued_bytes");
        states.add(queued[0], "state", "tx_queued_bytes");
    }

    /// @return false if there is no such file
    private boolean read(String file, long[] counts, long[] queued) throws IOException {
        try (BufferedReader in =
                Files.newBufferedReader(net.path().resolve(file), StandardCharsets.ISO_8859_1)) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                socket(Words.of(line), counts, queued);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void socket(String[] fields, long[] counts, long[] queued) throws IOException {
        String[] queues = fields.length > QUEUES ? fields[QUEUES].split(":", -1) : fields;
        try {
            int state = Integer.parseInt(fields[STATE], 16) - 1;
            queued[0] += Long.parseLong(queues[0], 16);
            queued[1] += Long.parseLong(queues[1], 16);
            if (state >= 0 && state < counts.length) {
                counts[state]++;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(
                    "line of /proc/net/tcp must have a state and queues: "
                            + String.join(" ", fields),
                    e);
        }
    }
}
