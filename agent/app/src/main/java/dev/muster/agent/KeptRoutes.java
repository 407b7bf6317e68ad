package dev.muster.agent;

import dev.muster.agent.door.Door;
import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRoute;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.push.GroupReader;
import dev.muster.agent.push.GroupsJson;
import dev.muster.agent.push.PushPlan;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Where others leave metrics of jobs: the paths of the Pushgateway, and those of runs.
final class KeptRoutes {
    private static final String VERSION = "0.1.0";
    private static final String GATEWAY = "pushgateway";
    private static final String RUNS = "runs";

    private final Door door;
    private final Supplier<Optional<Agent>> agent;

    /// @param agent empty until it has started
    KeptRoutes(Door door, Supplier<Optional<Agent>> agent) {
        this.door = door;
        this.agent = agent;
    }

    void register(Router router) {
        for (String method : List.of("PUT", "POST", "DELETE")) {
            for (String path : List.of("/metrics/job/*", "/metrics/job@base64/*")) {
                route(router, PushRoute.of(method, path, GATEWAY), kept -> kept.gateway()::change);
            }
            route(router, PushRoute.of(method, "/api/v1/runs/*", RUNS), kept -> kept.runs()::call);
        }
        route(router, PushRoute.of("PUT", "/api/v1/admin/wipe", GATEWAY), KeptRoutes::wipe);
        answer(router, "/push/metrics", running -> text(running.kept()));
        answer(router, "/api/v1/metrics", KeptRoutes::groups);
        answer(router, "/api/v1/status", KeptRoutes::status);
        answer(router, "/api/v1/runs", running -> running.kept().runs().list());
    }

    private void route(Router router, PushRoute route, Function<KeptWiring, PushHandler> handler) {
        door.route(router, route, () -> agent.get().map(Agent::kept).map(handler));
    }

    private static PushHandler wipe(KeptWiring kept) {
        if (kept.plan().adminApi()) {
            return kept.gateway()::wipe;
        }
        return _ -> {
            throw new PushRefusedException(
                    404, "admin_api", "muster.push.admin-api must be true to delete all groups");
        };
    }

    private static PushAnswer text(KeptWiring kept) {
        ExpositionWriter out = new ExpositionWriter();
        new GroupReader().write(kept.groups().groups(), out);
        return PushAnswer.bytes(
                200,
                ExpositionFormat.PROMETHEUS_TEXT.contentType(),
                Arrays.copyOf(out.bytes(), out.size()));
    }

    private static PushAnswer groups(Agent running) {
        return PushAnswer.json(200, new GroupsJson().metrics(running.kept().groups().groups()));
    }

    private static PushAnswer status(Agent running) {
        PushPlan plan = running.kept().plan();
        JsonObject flags =
                new JsonObject()
                        .put("muster.push.admin-api", String.valueOf(plan.adminApi()))
                        .put("muster.push.max-groups", "" + plan.limits().groups())
                        .put("muster.push.group-memory-limit", "" + plan.limits().bytes())
                        .put("muster.push.ttl", plan.limits().ttlMs() + "ms");
        Instant started = Instant.ofEpochMilli(running.startedMs());
        return PushAnswer.json(200, GroupsJson.status(VERSION, flags, started));
    }

    /// Routes that only tell.
    private void answer(Router router, String path, Function<Agent, PushAnswer> handler) {
        router.get(path)
                .handler(context -> {
                    HttpServerResponse response = context.response();
                    Optional<Agent> running = agent.get();
                    if (running.isEmpty()) {
                        response.setStatusCode(503).end("agent is starting\n");
                    } else {
                        Thread.ofVirtual()
                                .start(() -> send(response, handler.apply(running.get())));
                    }
                });
    }

    private static void send(HttpServerResponse response, PushAnswer answer) {
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(answer.body()));
    }
}
