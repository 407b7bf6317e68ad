package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;

/// Virtual servers of the kernel's load balancer and their backends: /proc/net/ip_vs.
record VirtualServers(HostDirectory net) {
    private static final String[][] TOTALS = {
        {"node_ipvs_connections_total", "Connections made."},
        {"node_ipvs_incoming_packets_total", "Packets that came."},
        {"node_ipvs_outgoing_packets_total", "Packets that went."},
        {"node_ipvs_incoming_bytes_total", "Bytes that came."},
        {"node_ipvs_outgoing_bytes_total", "Bytes that went."}
    };
    private static final int TOTAL_LINE = 2;

    /// A line `-> address:port forward weight active inactive`.
    private static final int WEIGHT = 3;

    private static final int ACTIVE = 4;
    private static final int INACTIVE = 5;

    void fill(FamilyTable table) throws IOException {
        List<String> totals = net.required("ip_vs_stats").lines().toList();
        String[] fields =
                totals.size() > TOTAL_LINE ? Words.of(totals.get(TOTAL_LINE)) : new String[0];
        for (int i = 0; i < TOTALS.length && i < fields.length; i++) {
            table.counter(TOTALS[i][0], TOTALS[i][1]).add(Long.parseUnsignedLong(fields[i], 16));
        }
        backends(table);
    }

    private void backends(FamilyTable table) throws IOException {
        FamilyTable.Family active =
                table.gauge("node_ipvs_backend_connections_active", "Active connections.");
        FamilyTable.Family inactive =
                table.gauge("node_ipvs_backend_connections_inactive", "Inactive connections.");
        FamilyTable.Family weight = table.gauge("node_ipvs_backend_weight", "Weight.");
        String[] server = {"", "", ""};
        String protocol = "";
        for (String line : net.lines("ip_vs")) {
            String[] words = Words.of(line);
            if (words[0].equals("TCP") || words[0].equals("UDP") || words[0].equals("SCTP")) {
                protocol = words[0];
                String[] address = address(words[1]);
                server = new String[] {address[0], "", address[1]};
            } else if (words[0].equals("FWM")) {
                protocol = words[0];
                server = new String[] {"", words[1], "0"};
            } else if (words[0].equals("->")
                    && words.length > INACTIVE
                    && Character.isDigit(words[WEIGHT].charAt(0))) {
                String[] remote = address(words[1]);
                String[] labels = {
                    "local_address",
                    server[0],
                    "local_mark",
                    server[1],
                    "local_port",
                    server[2],
                    "proto",
                    protocol,
                    "remote_address",
                    remote[0],
                    "remote_port",
                    remote[1]
                };
                weight.addText(words[WEIGHT], labels);
                active.addText(words[ACTIVE], labels);
                inactive.addText(words[INACTIVE], labels);
            }
        }
    }

    /// `C0A80016:0CEA`, or an IPv6 address in brackets.
    private static String[] address(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String port = Integer.toString(Integer.parseInt(text, colon + 1, text.length(), 16));
        String host = text.substring(0, colon);
        if (host.startsWith("[")) {
            return new String[] {host.substring(1, host.length() - 1), port};
        }
        InetAddress address = InetAddress.getByAddress(HexFormat.of().parseHex(host));
        return new String[] {String.valueOf(address.getHostAddress()), port};
    }
}
