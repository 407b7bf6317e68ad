package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A pod, as far as targets are concerned.
///
/// @param ip empty until it has one
/// @param ready `true`, `false` or `unknown`
/// @param containers those that run all the time, then those that run first
record Pod(
        ObjectMeta meta,
        String nodeName,
        String hostIp,
        String ip,
        String phase,
        String ready,
        List<Container> containers) {
    private static final String PREFIX = ObjectMeta.PREFIX + "pod_";

    /// A container of a pod.
    ///
    /// @param id empty until it has started
    /// @param init it runs before the others
    record Container(String name, String id, String image, boolean init, List<Port> ports) {
        Container {
            ports = List.copyOf(ports);
        }

        void addTo(Labels.Builder target) {
            target.set(PREFIX + "container_name", name);
            target.set(PREFIX + "container_image", image);
            target.set(PREFIX + "container_init", Boolean.toString(init));
        }
    }

    /// A port that a container declares.
    record Port(String name, long number, String protocol) {
        void addTo(Labels.Builder target) {
            target.set(PREFIX + "container_port_name", name);
            target.set(PREFIX + "container_port_number", Long.toString(number));
            target.set(PREFIX + "container_port_protocol", protocol);
        }
    }

    Pod {
        containers = List.copyOf(containers);
    }

    static Pod of(JsonView object) throws IOException {
        JsonView spec = object.object("spec");
        JsonView status = object.object("status");
        List<Container> containers = new ArrayList<>();
        addContainers(containers, spec.objects("containers"), status, false);
        addContainers(containers, spec.objects("initContainers"), status, true);
        return new Pod(
                ObjectMeta.of(object),
                spec.text("nodeName"),
                status.text("hostIP"),
                status.text("podIP"),
                status.text("phase"),
                ready(status),
                containers);
    }

    private static void addContainers(
            List<Container> into, List<JsonView> specs, JsonView status, boolean init)
            throws IOException {
        Map<String, String> ids = new HashMap<>();
        for (JsonView of : status.objects(init ? "initContainerStatuses" : "containerStatuses")) {
            ids.put(of.text("name"), of.text("containerID"));
        }
        for (JsonView spec : specs) {
            List<Port> ports = new ArrayList<>();
            for (JsonView port : spec.objects("ports")) {
                String protocol = port.text("protocol");
                ports.add(
                        new Port(
                                port.text("name"),
                                port.number("containerPort"),
                                protocol.isEmpty() ? "TCP" : protocol));
            }
            String name = spec.text("name");
            into.add(
                    new Container(
                            name, ids.getOrDefault(name, ""), spec.text("image"), init, ports));
        }
    }

    private static String ready(JsonView status) throws IOException {
        for (JsonView condition : status.objects("conditions")) {
            if (condition.text("type").equals("Ready")) {
                return condition.text("status").toLowerCase(Locale.ROOT);
            }
        }
        return "unknown";
    }

    /// Sets the labels that all targets of the pod have.
    void addTo(Labels.Builder target) {
        meta.addTo(target, "pod");
        target.set(PREFIX + "ip", ip);
        target.set(PREFIX + "ready", ready);
        target.set(PREFIX + "phase", phase);
        target.set(PREFIX + "node_name", nodeName);
        target.set(PREFIX + "host_ip", hostIp);
        target.set(PREFIX + "uid", meta.uid());
        target.set(PREFIX + "controller_kind", meta.controllerKind());
        target.set(PREFIX + "controller_name", meta.controllerName());
    }
}
