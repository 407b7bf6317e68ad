package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.sd.JsonView;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node, as far as targets are concerned.
///
/// @param addresses the first of each type
/// @param kubeletPort where its kubelet listens
record Node(ObjectMeta meta, String providerId, Map<String, String> addresses, long kubeletPort) {
    private static final List<String> PREFERRED =
            List.of(
                    "InternalIP",
                    "InternalDNS",
                    "ExternalIP",
                    "ExternalDNS",
                    "LegacyHostIP",
                    "Hostname");

    static Node of(JsonView object) throws IOException {
        JsonView status = object.object("status");
        Map<String, String> addresses = new LinkedHashMap<>();
        for (JsonView address : status.objects("addresses")) {
            addresses.putIfAbsent(address.text("type"), address.text("address"));
        }
        return new Node(
                ObjectMeta.of(object),
                object.object("spec").text("providerID"),
                addresses,
                status.object("daemonEndpoints").object("kubeletEndpoint").number("Port"));
    }

    /// The address to reach it at; empty if it has none.
    String address() {
        for (String type : PREFERRED) {
            String address = addresses.getOrDefault(type, "");
            if (!address.isEmpty()) {
                return address;
            }
        }
        return "";
    }
}
