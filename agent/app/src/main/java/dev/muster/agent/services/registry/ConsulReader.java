package dev.muster.agent.services.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads registrations in the shape that Consul's agent takes, so that programs that register there
/// can register here.
public final class ConsulReader {
    /*
     * Names are matched in any case, and fields that say nothing to this agent are passed over, as
     * there. A service is scraped if its metadata has metrics_path, or one of its tags is "metrics"
     * or "prometheus": Consul knows nothing of metrics. Kinds of checks that this agent has not are
     * refused rather than taken for passing.
     */
    private static final List<String> OTHER_CHECKS =
            List.of(
                    "GRPC",
                    "Script",
                    "Args",
                    "DockerContainerID",
                    "AliasService",
                    "AliasNode",
                    "UDP",
                    "H2PING",
                    "OSService");

    private final RegistrationReader plain;

    /// @param plain reads what both shapes have
    public ConsulReader(RegistrationReader plain) {
        this.plain = plain;
    }

    /// @throws RegistrationException naming the field at fault
    public Registration read(Map<?, ?> json) throws RegistrationException {
        FieldReader fields = new FieldReader(anyCase(json), "");
        String name = RegistrationReader.name(fields, "Name");
        String id = fields.text("ID", RegistrationReader.ID_LIMIT);
        String address = plain.address(fields, "Address");
        int port = RegistrationReader.port(fields, "Port");
        List<String> tags =
                fields.texts("Tags", RegistrationReader.TAGS_LIMIT, RegistrationReader.TAG_LIMIT);
        Map<String, String> meta = RegistrationReader.meta(fields, "Meta");
        String path = meta.getOrDefault("metrics_path", "");
        if (path.isEmpty() && (tags.contains("metrics") || tags.contains("prometheus"))) {
            path = "/metrics";
        }
        Checks checks = new Checks();
        Optional<FieldReader> one = fields.object("Check");
        if (one.isPresent()) {
            checks.add(one.get().anyCase(), address);
        }
        for (FieldReader check : fields.objects("Checks")) {
            checks.add(check.anyCase(), address);
        }
        return new Registration(
                RegistrationReader.checkedId("ID", id.isEmpty() ? name : id),
                name,
                address,
                port,
                RegistrationReader.path(fields, "Meta.metrics_path", path),
                "http",
                Optional.empty(),
                tags,
                meta,
                checks.check,
                checks.ttl,
                checks.deregisterAfter);
    }

    static Map<?, ?> anyCase(Map<?, ?> json) {
        Map<String, Object> result = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        json.forEach((key, value) -> {
            if (key instanceof String name && value != null) {
                result.put(name, value);
            }
        });
        return result;
    }

    /// What several checks come to: one look and one TTL.
    private final class Checks {
        Optional<ServiceCheck> check = Optional.empty();
        Optional<Duration> ttl = Optional.empty();
        Optional<Duration> deregisterAfter = Optional.empty();

        void add(FieldReader fields, String address) throws RegistrationException {
            for (String other : OTHER_CHECKS) {
                if (fields.has(other)) {
                    throw fields.wrong(
                            other,
                            "is a check that this agent does not carry: carried=HTTP, TCP, TTL");
                }
            }
            String method = fields.text("Method", 16);
            if (!method.isEmpty() && !method.equals("GET")) {
                throw fields.wrong("Method", "must be GET: found=" + method);
            }
            Duration second = Duration.ofSeconds(1);
            Optional<Duration> beat = fields.duration("TTL", second, Duration.ofDays(1));
            Optional<Duration> after =
                    fields.duration("DeregisterCriticalServiceAfter", second, Duration.ofDays(365));
            ttl = ttl.or(() -> beat);
            deregisterAfter = deregisterAfter.or(() -> after);
            String http = fields.text("HTTP", RegistrationReader.PATH_LIMIT);
            String tcp = fields.text("TCP", RegistrationReader.PATH_LIMIT);
            if (check.isPresent() || (http.isEmpty() && tcp.isEmpty())) {
                return;
            }
            Duration interval = RegistrationReader.interval(fields, "Interval");
            Duration timeout = RegistrationReader.timeout(fields, "Timeout", interval);
            check =
                    Optional.of(
                            http.isEmpty()
                                    ? plain.tcp(fields, "TCP", tcp, address, interval, timeout)
                                    : plain.http(
                                            fields, "HTTP", http, address, 80, interval, timeout));
        }
    }
}
