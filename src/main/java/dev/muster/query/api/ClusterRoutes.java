package dev.muster.query.api;

import dev.muster.federation.cluster.ClusterStats;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.cluster.RefusedException;
import dev.muster.query.cluster.ShareClient;
import dev.muster.query.cluster.ShareServer;
import dev.muster.query.load.NodeMemory;
import dev.muster.query.load.Priority;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What other query nodes ask of this one, and what there is to know of the cluster.
public final class ClusterRoutes {
    private static final System.Logger LOG = System.getLogger(ClusterRoutes.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String STATUS = "/api/v1/status/cluster";

    private ClusterRoutes() {}

    /// Answers other nodes, and `status/cluster`.
    ///
    /// @param limits what a share may take
    /// @param memory that all queries of this node share
    public static void register(
            Router router, ClusterNode node, ApiLimits limits, NodeMemory memory) {
        registerShares(router, node.server(), limits, memory);
        router.get(STATUS)
                .handler(context ->
                        Thread.ofVirtual().name("call-cluster").start(() -> status(context, node)));
    }

    /// Answers other nodes.
    public static void registerShares(
            Router router, ShareServer server, ApiLimits limits, NodeMemory memory) {
        router.post(ShareClient.PATH)
                .handler(BodyHandler.create(false).setBodyLimit(ShareServer.REQUEST_LIMIT_BYTES))
                .handler(context ->
                        share(context, server, new CallBudget(limits, Priority.AD_HOC, memory)));
    }

    /// A single node says that it is one.
    public static void registerAlone(Router router) {
        router.get(STATUS)
                .handler(context -> {
                    var _ =
                            context.response()
                                    .putHeader("Content-Type", "application/json")
                                    .end(
                                            "{\"status\":\"success\",\"data\":{\"enabled\":false,"
                                                    + "\"nodes\":[]}}");
                });
    }

    private static void share(RoutingContext context, ShareServer server, CallBudget budget) {
        Buffer received = context.body().buffer();
        byte[] body = received == null ? new byte[0] : received.getBytes();
        String seal = context.request().getHeader(ShareClient.SEAL_HEADER);
        HttpServerResponse response = context.response();
        response.headers().remove("Content-Encoding");
        Thread thread =
                Thread.ofVirtual()
                        .name("share")
                        .unstarted(() -> answer(server, body, seal, response, budget));
        budget.onStop(thread::interrupt);
        context.addEndHandler(ended -> {
            if (ended.failed()) {
                budget.cancel();
            }
        });
        thread.start();
    }

    private static void answer(
            ShareServer server,
            byte[] body,
            @Nullable String seal,
            HttpServerResponse response,
            CallBudget budget) {
        try {
            var out = new ResponseStream(response, budget, PATIENCE_NANOS);
            server.answer(body, seal, out, budget);
            out.end();
        } catch (RefusedException e) {
            refuse(response, e.status(), e.getMessage());
        } catch (IOException e) {
            if (!budget.cancelled()) {
                LOG.log(System.Logger.Level.WARNING, "share not answered", e);
            }
            refuse(response, 500, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "share failed", e);
            refuse(response, 500, "internal error: " + e);
        } finally {
            budget.close();
        }
    }

    /// Half an answer must not look like a whole one.
    private static void refuse(HttpServerResponse response, int status, String text) {
        if (response.closed() || response.ended()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        var _ =
                response.setStatusCode(status)
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .end(text);
    }

    private static void status(RoutingContext context, ClusterNode node) {
        var out = new ByteArrayOutputStream();
        try {
            write(new JsonWriter(out), node);
            var _ =
                    context.response()
                            .putHeader("Content-Type", "application/json")
                            .end(out.toString(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "status of the cluster failed", e);
            refuse(context.response(), 500, "internal error: " + e);
        }
    }

    private static void write(JsonWriter json, ClusterNode node) throws IOException {
        json.beginObject().name("status").value("success").name("data").beginObject();
        json.name("enabled").value(true).name("nodes").beginArray();
        for (ClusterNode.Shown shown : node.nodes()) {
            json.beginObject();
            json.name("name").value(shown.node().name());
            json.name("url").value(shown.node().url());
            json.name("state").value(shown.node().state().name().toLowerCase(Locale.ROOT));
            json.name("self").value(shown.self());
            json.name("startedMs").value(shown.node().incarnation());
            json.name("blocks").value(shown.blocks());
            json.endObject();
        }
        json.endArray();
        ClusterStats stats = node.stats();
        json.name("member").beginObject();
        json.name("joined").value(stats.joined());
        json.name("members").value(stats.hazelcastMembers());
        json.name("recreations").value(stats.recreations());
        json.name("refused").value(stats.refused());
        json.name("conflicts").value(stats.conflicts());
        json.name("changes").value(stats.changes());
        json.endObject();
        json.name("shares").beginObject();
        json.name("asked").value(node.metrics().askedShares());
        json.name("answered").value(node.metrics().answeredShares());
        json.name("retries").value(node.metrics().retries());
        json.name("evaluatedHere").value(node.metrics().evaluatedShares());
        json.endObject().endObject().endObject().finish();
    }
}
