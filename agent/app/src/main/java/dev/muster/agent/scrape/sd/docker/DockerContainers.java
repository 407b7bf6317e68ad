package dev.muster.agent.scrape.sd.docker;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Addresses;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.LabelNames;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Targets of the containers of one daemon: one for each network and each TCP port of a container.
final class DockerContainers {
    private static final String META = "__meta_docker_";
    private static final String SHARED_NETWORK = "container:";

    private final DockerTargets settings;
    private final Map<String, JsonView> containers = new TreeMap<>();
    private final List<JsonView> ordered;
    private final Map<String, Labels> networks;

    /// @param containers as the daemon lists them
    /// @param networks labels of networks, by id
    DockerContainers(
            DockerTargets settings, List<JsonView> containers, Map<String, Labels> networks)
            throws IOException {
        this.settings = settings;
        this.networks = new HashMap<>(networks);
        ordered = containers;
        for (JsonView container : containers) {
            this.containers.put(container.text("Id"), container);
        }
    }

    /// Labels of a network, for the targets in it.
    static Labels ofNetwork(JsonView network) throws IOException {
        Labels.Builder labels = Labels.builder();
        labels.set(META + "network_id", network.text("Id"));
        labels.set(META + "network_name", network.text("Name"));
        labels.set(META + "network_scope", network.text("Scope"));
        labels.set(META + "network_internal", Boolean.toString(network.flag("Internal", false)));
        labels.set(META + "network_ingress", Boolean.toString(network.flag("Ingress", false)));
        network.words("Labels")
                .forEach((name, value) ->
                        labels.set(META + "network_label_" + LabelNames.of(name), value));
        return labels.build();
    }

    List<Labels> targets() throws IOException {
        List<Labels> targets = new ArrayList<>();
        for (JsonView container : ordered) {
            List<String> names = container.texts("Names");
            if (!names.isEmpty()) {
                Labels common = common(container, names.getFirst());
                for (JsonView network : networksOf(container).values()) {
                    addTargets(container, network, common, targets);
                }
            }
        }
        return targets;
    }

    private static Labels common(JsonView container, String name) throws IOException {
        Labels.Builder labels = Labels.builder();
        labels.set(META + "container_id", container.text("Id"));
        labels.set(META + "container_name", name);
        labels.set(META + "container_network_mode", mode(container));
        container
                .words("Labels")
                .forEach((key, value) ->
                        labels.set(META + "container_label_" + LabelNames.of(key), value));
        return labels.build();
    }

    private static String mode(JsonView container) throws IOException {
        return container.object("HostConfig").text("NetworkMode");
    }

    /// The networks of a container by name. One in the network of another container has that one's.
    private TreeMap<String, JsonView> networksOf(JsonView container) throws IOException {
        TreeMap<String, JsonView> found = ownNetworks(container);
        @Nullable JsonView at = container;
        for (int hops = 0; found.isEmpty() && at != null && hops < containers.size(); hops++) {
            String mode = mode(at);
            at =
                    mode.startsWith(SHARED_NETWORK)
                            ? containers.get(mode.substring(SHARED_NETWORK.length()))
                            : null;
            if (at != null) {
                found = ownNetworks(at);
            }
        }
        if (settings.matchFirstNetwork() && found.size() > 1) {
            found.tailMap(found.firstKey(), false).clear();
        }
        return found;
    }

    private static TreeMap<String, JsonView> ownNetworks(JsonView container) throws IOException {
        TreeMap<String, JsonView> found = new TreeMap<>();
        JsonView all = container.object("NetworkSettings").object("Networks");
        for (String name : all.names()) {
            if (all.has(name)) {
                found.put(name, all.object(name));
            }
        }
        return found;
    }

    private void addTargets(
            JsonView container, JsonView network, Labels common, List<Labels> targets)
            throws IOException {
        String address = network.text("IPAddress");
        Labels.Builder shared = common.toBuilder();
        networks.getOrDefault(network.text("NetworkID"), Labels.EMPTY).forEach(shared::set);
        shared.set(META + "network_ip", address);
        Labels all = shared.build();
        boolean added = false;
        for (JsonView port : container.objects("Ports")) {
            if (port.text("Type").equals("tcp")) {
                targets.add(ofPort(all, address, port));
                added = true;
            }
        }
        if (!added) {
            boolean ofHost = mode(container).equals("host");
            String fallback =
                    ofHost ? settings.hostNetworkingHost() : Addresses.of(address, settings.port());
            targets.add(all.toBuilder().set(TargetGroup.ADDRESS, fallback).build());
        }
    }

    private static Labels ofPort(Labels shared, String address, JsonView port) throws IOException {
        long number = port.number("PrivatePort");
        Labels.Builder labels = shared.toBuilder();
        labels.set(META + "port_private", Long.toString(number));
        if (port.number("PublicPort") > 0) {
            labels.set(META + "port_public", Long.toString(port.number("PublicPort")));
            labels.set(META + "port_public_ip", port.text("IP"));
        }
        return labels.set(TargetGroup.ADDRESS, Addresses.of(address, number)).build();
    }
}
