package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;

/// Bytes that wait in the queues of all UDP sockets: /proc/net/udp and udp6.
record UdpQueues(HostDirectory net) {
    private static final int QUEUES = 4;

    void fill(FamilyTable table) {
        FamilyTable.Family queues =
                table.gauge("node_udp_queues", "Bytes that wait in queues of UDP sockets.");
        queue("udp", "v4", queues);
        queue("udp6", "v6", queues);
    }

    private void queue(String file, String version, FamilyTable.Family queues) {
        if (net.text(file).isEmpty()) {
            return;
        }
        long sent = 0;
        long received = 0;
        for (String line : net.lines(file)) {
            String[] fields = Words.of(line);
            String[] sizes = fields.length > QUEUES ? fields[QUEUES].split(":", -1) : fields;
            if (sizes.length == 2 && sizes[0].length() == 8) {
                sent += Long.parseLong(sizes[0], 16);
                received += Long.parseLong(sizes[1], 16);
            }
        }
        queues.add(received, "ip", version, "queue", "rx");
        queues.add(sent, "ip", version, "queue", "tx");
    }
}
