package dev.muster.agent.api;

import dev.muster.agent.services.registry.CallerRule;
import dev.muster.agent.services.registry.ConsulReader;
import dev.muster.agent.services.registry.Health;
import dev.muster.agent.services.registry.RegisteredService;
import dev.muster.agent.services.registry.Registration;
import dev.muster.agent.services.registry.RegistrationException;
import dev.muster.agent.services.registry.RegistrationJson;
import dev.muster.agent.services.registry.RegistrationReader;
import dev.muster.agent.services.registry.ServicePort;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where services register themselves: `/v1/services`, and what of `/v1/agent` programs use that
/// register with Consul's agent.
final class ServiceRoutes {
    private static final String SERVICES = "/v1/services";
    private static final String SERVICE = "/v1/services/:id";
    private static final String HEARTBEAT = "/v1/services/:id/heartbeat";
    private static final String CONSUL = "/v1/agent/";

    private final Executor executor;
    private final ApiMetrics metrics;
    private final Supplier<Optional<AgentView>> agent;

    /// @param agent empty until the agent has started
    ServiceRoutes(Executor executor, ApiMetrics metrics, Supplier<Optional<AgentView>> agent) {
        this.executor = executor;
        this.metrics = metrics;
        this.agent = agent;
    }

    /// One request that may be answered.
    private record Call(ServicePort port, String id, String body, HttpServerRequest request) {
        void json(int status, JsonObject json) {
            Answers.json(request.response(), status, json);
        }

        void refuse(int status, String field, String reason) {
            json(
                    status,
                    new JsonObject()
                            .put("status", "error")
                            .put("field", field)
                            .put("error", reason));
        }

        String parameter(String name) {
            return Objects.requireNonNullElse(request.getParam(name), "");
        }
    }

    void register(Router router) {
        route(router, HttpMethod.GET, SERVICES, ServiceRoutes::list);
        route(router, HttpMethod.GET, SERVICE, ServiceRoutes::show);
        route(router, HttpMethod.PUT, SERVICE, ServiceRoutes::put);
        route(router, HttpMethod.DELETE, SERVICE, ServiceRoutes::delete);
        route(router, HttpMethod.PUT, HEARTBEAT, ServiceRoutes::heartbeat);
        route(router, HttpMethod.PUT, CONSUL + "service/register", ServiceRoutes::consulPut);
        route(router, HttpMethod.PUT, CONSUL + "service/deregister/:id", ServiceRoutes::delete);
        route(router, HttpMethod.GET, CONSUL + "services", ServiceRoutes::consulList);
        route(router, HttpMethod.PUT, CONSUL + "check/:verb/:id", ServiceRoutes::consulCheck);
    }

    private void route(Router router, HttpMethod method, String path, Consumer<Call> handler) {
        router.route(method, path)
                .handler(context -> {
                    metrics.count(path);
                    HttpServerResponse response = context.response();
                    Optional<ServicePort> port = agent.get().flatMap(AgentView::services);
                    if (port.isEmpty()) {
                        Answers.text(
                                response,
                                agent.get().isEmpty() ? 503 : 403,
                                agent.get().isEmpty()
                                        ? "agent is starting: it reads back what it had stored"
                                        : "services may not register:"
                                                + " muster.services.registration=false");
                        return;
                    }
                    String refusal = port.get().callers().refusal(caller(context.request()));
                    if (!refusal.isEmpty()) {
                        port.get().registry().metrics().countRefused();
                        Answers.text(response, 403, refusal);
                        return;
                    }
                    read(context, body -> answer(context, port.get(), body, handler));
                });
    }

    private static CallerRule.Caller caller(HttpServerRequest request) {
        @Nullable SocketAddress remote = request.remoteAddress();
        @Nullable String address = remote == null ? null : remote.hostAddress();
        boolean local =
                address != null
                        && (address.startsWith("127.")
                                || address.equals("::1")
                                || address.equals("0:0:0:0:0:0:0:1"));
        String authorization = header(request, "Authorization");
        String token =
                authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                        ? authorization.substring(7).strip()
                        : header(request, "X-Consul-Token");
        return new CallerRule.Caller(
                !local,
                header(request, "Host"),
                header(request, "Origin"),
                header(request, "Sec-Fetch-Site"),
                token);
    }

    private static String header(HttpServerRequest request, String name) {
        return Objects.requireNonNullElse(request.getHeader(name), "");
    }

    private void read(RoutingContext context, Consumer<String> done) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > RegistrationReader.BODY_LIMIT_BYTES) {
                metrics.refusedBody.increment();
                request.handler(_ -> {});
                Answers.text(
                        response,
                        413,
                        "registration must have at most bytes="
                                + RegistrationReader.BODY_LIMIT_BYTES);
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(_ -> {
            if (!response.ended()) {
                done.accept(body.toString(StandardCharsets.UTF_8));
            }
        });
    }

    private void answer(
            RoutingContext context, ServicePort port, String body, Consumer<Call> handler) {
        String id = Objects.requireNonNullElse(context.pathParam("id"), "");
        Call call = new Call(port, id, body, context.request());
        Answers.onWorker(executor, metrics, context.response(), () -> handler.accept(call));
    }

    private static void list(Call call) {
        JsonArray services = new JsonArray();
        call.port.registry().services().forEach(one -> services.add(RegistrationJson.of(one)));
        call.json(200, new JsonObject().put("services", services));
    }

    private static void show(Call call) {
        Optional<RegisteredService> service = call.port.registry().service(call.id);
        if (service.isPresent()) {
            call.json(200, RegistrationJson.of(service.get()));
        } else {
            unknown(call);
        }
    }

    private static void unknown(Call call) {
        call.refuse(404, "id", "no service of that id is registered");
    }

    /// Reads a registration out of a body.
    @FunctionalInterface
    private interface Reading {
        Registration read(Map<String, Object> json) throws RegistrationException;
    }

    private static void put(Call call) {
        put(call, json -> call.port.reader().read(call.id, json));
    }

    private static void consulPut(Call call) {
        put(call, json -> new ConsulReader(call.port.reader()).read(json));
    }

    private static void put(Call call, Reading reading) {
        try {
            Registration registration = reading.read(RegistrationJson.parse(call.body));
            boolean isNew = call.port.registry().register(registration);
            call.port
                    .registry()
                    .service(registration.id())
                    .ifPresent(one -> call.json(isNew ? 201 : 200, RegistrationJson.of(one)));
        } catch (RegistrationException e) {
            call.port.registry().metrics().countRefused();
            call.refuse(400, e.field(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            call.refuse(500, "", "registration could not be kept: " + e.getMessage());
        }
    }

    private static void delete(Call call) {
        try {
            if (call.port.registry().deregister(call.id)) {
                call.json(200, new JsonObject().put("status", "success"));
            } else {
                unknown(call);
            }
        } catch (IOException e) {
            call.refuse(500, "", "deregistration could not be kept: " + e.getMessage());
        }
    }

    private static void heartbeat(Call call) {
        String status = call.parameter("status");
        String note = call.parameter("note");
        try {
            if (!call.body.isBlank()) {
                Map<String, Object> json = RegistrationJson.parse(call.body);
                status = String.valueOf(json.getOrDefault("status", status));
                note = String.valueOf(json.getOrDefault("note", note));
            }
        } catch (RegistrationException e) {
            call.refuse(400, e.field(), String.valueOf(e.getMessage()));
            return;
        }
        beat(call, call.id, status.isEmpty() ? "pass" : status, note);
    }

    private static void beat(Call call, String id, String status, String note) {
        Optional<Health> health = Health.of(status);
        if (health.isEmpty()) {
            call.refuse(400, "status", "status must be pass, warn or fail: found=" + status);
        } else if (call.port.registry().heartbeat(id, health.get(), note)) {
            call.json(200, new JsonObject().put("status", "success"));
        } else if (call.port.registry().service(id).isPresent()) {
            call.refuse(400, "ttl", "ttl must have been registered for heartbeats to count");
        } else {
            unknown(call);
        }
    }

    private static void consulList(Call call) {
        JsonObject services = new JsonObject();
        call.port
                .registry()
                .services()
                .forEach(
                        one -> services.put(one.registration().id(), RegistrationJson.consul(one)));
        call.json(200, services);
    }

    /// Checks are named `service:<id>`, or `service:<id>:<number>` where a service has several.
    private static void consulCheck(Call call) {
        String verb = Objects.requireNonNullElse(call.request.getParam("verb"), "");
        String id = call.id.startsWith("service:") ? call.id.substring(8) : call.id;
        int colon = id.lastIndexOf(':');
        if (call.port.registry().service(id).isEmpty()
                && colon > 0
                && id.substring(colon + 1).matches("[0-9]+")) {
            id = id.substring(0, colon);
        }
        if (!verb.equals("update")) {
            beat(call, id, verb, call.parameter("note"));
            return;
        }
        try {
            Map<String, Object> json = RegistrationJson.parse(call.body);
            beat(
                    call,
                    id,
                    String.valueOf(json.getOrDefault("Status", "")),
                    String.valueOf(json.getOrDefault("Output", "")));
        } catch (RegistrationException e) {
            call.refuse(400, e.field(), String.valueOf(e.getMessage()));
        }
    }
}
