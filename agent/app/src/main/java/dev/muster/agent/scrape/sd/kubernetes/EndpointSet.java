package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// An object of the role `endpoints` or `endpointslice`: addresses behind a service, with the
/// labels that tell of them.
///
/// @param role `endpoints` or `endpointslice`
/// @param service name of the service; empty if it is of none
/// @param labels of all its targets
/// @param endpoints every address with every port
record EndpointSet(
        ObjectMeta meta, String role, String service, Labels labels, List<Endpoint> endpoints) {
    private static final String PREFIX = ObjectMeta.PREFIX;
    private static final String SLICE = PREFIX + "endpointslice_";
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /// What an address is of.
    ///
    /// @param kind empty if it is of nothing known
    record Reference(String kind, String namespace, String name) {
        static Reference of(JsonView object, String namespace) throws IOException {
            JsonView reference = object.object("targetRef");
            String own = reference.text("namespace");
            return new Reference(
                    reference.text("kind"),
                    own.isEmpty() ? namespace : own,
                    reference.text("name"));
        }

        boolean isPod() {
            return kind.equals("Pod");
        }
    }

    /// One address with one port.
    ///
    /// @param port absent if all ports are meant
    /// @param protocol of the port; may be empty
    /// @param nodeName where it is; empty if that is not known
    /// @param reference what it is of
    /// @param labels that tell of it
    record Endpoint(
            String address,
            Optional<Long> port,
            String protocol,
            String nodeName,
            Reference reference,
            Labels labels) {}

    EndpointSet {
        endpoints = List.copyOf(endpoints);
    }

    /// Reads an object of role `endpoints`, with those of its endpoints that are wanted.
    static EndpointSet ofEndpoints(JsonView object, Predicate<Endpoint> wanted) throws IOException {
        ObjectMeta meta = ObjectMeta.of(object);
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonView subset : object.objects("subsets")) {
            for (JsonView port : subset.objects("ports")) {
                addAll(endpoints, subset.objects("addresses"), port, meta, "true", wanted);
                addAll(endpoints, subset.objects("notReadyAddresses"), port, meta, "false", wanted);
            }
        }
        return new EndpointSet(meta, "endpoints", meta.name(), Labels.EMPTY, endpoints);
    }

    private static void addAll(
            List<Endpoint> into,
            List<JsonView> addresses,
            JsonView port,
            ObjectMeta meta,
            String ready,
            Predicate<Endpoint> wanted)
            throws IOException {
        for (JsonView address : addresses) {
            Reference reference = Reference.of(address, meta.namespace());
            Labels.Builder labels = Labels.builder();
            labels.set(PREFIX + "endpoint_port_name", port.text("name"));
            labels.set(PREFIX + "endpoint_port_protocol", port.text("protocol"));
            labels.set(PREFIX + "endpoint_ready", ready);
            labels.set(PREFIX + "endpoint_address_target_kind", reference.kind());
            labels.set(PREFIX + "endpoint_address_target_name", reference.name());
            labels.set(PREFIX + "endpoint_node_name", address.text("nodeName"));
            labels.set(PREFIX + "endpoint_hostname", address.text("hostname"));
            Endpoint endpoint =
                    new Endpoint(
                            address.text("ip"),
                            Optional.of(port.number("port")),
                            port.text("protocol"),
                            address.text("nodeName"),
                            reference,
                            labels.build());
            if (wanted.test(endpoint)) {
                into.add(endpoint);
            }
        }
    }

    /// Reads an object of role `endpointslice`, with those of its endpoints that are wanted.
    static EndpointSet ofSlice(JsonView object, Predicate<Endpoint> wanted) throws IOException {
        ObjectMeta meta = ObjectMeta.of(object);
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonView endpoint : object.objects("endpoints")) {
            for (JsonView port : object.objects("ports")) {
                for (String address : endpoint.texts("addresses")) {
                    Endpoint one = ofSlice(endpoint, port, address, meta);
                    if (wanted.test(one)) {
                        endpoints.add(one);
                    }
                }
            }
        }
        Labels type =
                Labels.builder().set(SLICE + "address_type", object.text("addressType")).build();
        String service = meta.labels().getOrDefault(SERVICE_LABEL, "");
        return new EndpointSet(meta, "endpointslice", service, type, endpoints);
    }

    private static Endpoint ofSlice(
            JsonView endpoint, JsonView port, String address, ObjectMeta meta) throws IOException {
        Reference reference = Reference.of(endpoint, meta.namespace());
        Labels.Builder labels = Labels.builder();
        labels.set(SLICE + "port_name", port.text("name"));
        labels.set(SLICE + "port_protocol", port.text("protocol"));
        labels.set(SLICE + "port_app_protocol", port.text("appProtocol"));
        if (port.has("port")) {
            labels.set(SLICE + "port", Long.toString(port.number("port")));
        }
        JsonView conditions = endpoint.object("conditions");
        for (String condition : List.of("ready", "serving", "terminating")) {
            if (conditions.has(condition)) {
                labels.set(
                        SLICE + "endpoint_conditions_" + condition,
                        Boolean.toString(conditions.flag(condition, false)));
            }
        }
        labels.set(SLICE + "endpoint_hostname", endpoint.text("hostname"));
        labels.set(SLICE + "endpoint_node_name", endpoint.text("nodeName"));
        labels.set(SLICE + "endpoint_zone", endpoint.text("zone"));
        labels.set(SLICE + "address_target_kind", reference.kind());
        labels.set(SLICE + "address_target_name", reference.name());
        return new Endpoint(
                address,
                port.has("port") ? Optional.of(port.number("port")) : Optional.empty(),
                port.text("protocol"),
                endpoint.text("nodeName"),
                reference,
                labels.build());
    }
}
