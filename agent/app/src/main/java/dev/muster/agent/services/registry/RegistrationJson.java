package dev.muster.agent.services.registry;

import dev.muster.agent.scrape.file.PrometheusDuration;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Registrations and the state of services as JSON.
public final class RegistrationJson {
    private static final int DEPTH_LIMIT = 16;

    private RegistrationJson() {}

    /// The object that a text holds.
    ///
    /// @throws RegistrationException if it holds none
    public static Map<String, Object> parse(String text) throws RegistrationException {
        if (depth(text) > DEPTH_LIMIT) {
            throw new RegistrationException(
                    "", "body must be nested at most " + DEPTH_LIMIT + " deep");
        }
        try {
            return new JsonObject(text).getMap();
        } catch (DecodeException | ClassCastException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new RegistrationException("", "body must be a JSON object: " + message);
        }
    }

    /// The parser is recursive.
    private static int depth(String text) {
        int depth = 0;
        int deepest = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                deepest = Math.max(deepest, ++depth);
            } else if (!quoted && (c == '}' || c == ']')) {
                depth--;
            }
        }
        return deepest;
    }

    /// A registration in the shape in which it is put.
    static JsonObject of(Registration registration) {
        JsonObject json =
                new JsonObject()
                        .put("id", registration.id())
                        .put("name", registration.name())
                        .put("address", registration.address())
                        .put("port", registration.port())
                        .put("scheme", registration.scheme());
        if (registration.isScraped()) {
            json.put("metricsPath", registration.metricsPath());
        }
        duration(json, "interval", registration.interval());
        if (!registration.tags().isEmpty()) {
            json.put("tags", new JsonArray(registration.tags()));
        }
        if (!registration.meta().isEmpty()) {
            JsonObject meta = new JsonObject();
            registration.meta().forEach(meta::put);
            json.put("meta", meta);
        }
        registration.check().ifPresent(check -> json.put("check", of(check)));
        duration(json, "ttl", registration.ttl());
        duration(json, "deregisterCriticalServiceAfter", registration.deregisterAfter());
        return json;
    }

    private static JsonObject of(ServiceCheck check) {
        String host = check.host().indexOf(':') < 0 ? check.host() : "[" + check.host() + "]";
        String place = host + ":" + check.port();
        JsonObject json = new JsonObject();
        switch (check) {
            case ServiceCheck.Http http ->
                    json.put("http", (http.tls() ? "https://" : "http://") + place + http.path());
            case ServiceCheck.Tcp _ -> json.put("tcp", place);
        }
        return json.put("interval", PrometheusDuration.format(check.interval()))
                .put("timeout", PrometheusDuration.format(check.timeout()));
    }

    private static void duration(JsonObject json, String name, Optional<Duration> duration) {
        duration.ifPresent(value -> json.put(name, PrometheusDuration.format(value)));
    }

    /// A service with its state.
    public static JsonObject of(RegisteredService service) {
        return of(service.registration())
                .put("health", service.health().text())
                .put("note", service.note())
                .put("sinceMs", service.sinceMs())
                .put("registeredMs", service.registeredMs());
    }

    /// A service in the shape of Consul's `/v1/agent/services`.
    public static JsonObject consul(RegisteredService service) {
        Registration registration = service.registration();
        JsonObject meta = new JsonObject();
        registration.meta().forEach(meta::put);
        return new JsonObject()
                .put("ID", registration.id())
                .put("Service", registration.name())
                .put("Tags", new JsonArray(registration.tags()))
                .put("Meta", meta)
                .put("Port", registration.port())
                .put("Address", registration.address());
    }
}
