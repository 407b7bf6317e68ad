package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;
import java.util.Locale;

/// What IPsec counted: /proc/net/xfrm_stat.
record Transforms(HostDirectory net) {
    private static final String PREFIX = "Xfrm";

    void fill(FamilyTable table) throws IOException {
        for (String line : net.required("xfrm_stat").lines().toList()) {
            String[] fields = Words.of(line);
            if (fields.length == 2 && fields[0].startsWith(PREFIX)) {
                String name =
                        fields[0]
                                .substring(PREFIX.length())
                                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                                .toLowerCase(Locale.ROOT);
                table.counter(
                                "node_xfrm_" + name + "_packets_total",
                                "Packets counted as " + fields[0] + ".")
                        .addText(fields[1]);
            }
        }
    }
}
