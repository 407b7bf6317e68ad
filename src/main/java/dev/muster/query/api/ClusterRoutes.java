package dev.muster.query.api;

import dev.muster.federation.cluster.ClusterStats;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.cluster.RefusedException;
import dev.muster.query.cluster.ShareClient;
import dev.muster.query.cluster.ShareServer;
import dev.muster.query.load.NodeMemory;
import dev.muster.query.load.Priority;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What other query nodes ask of this one, and what there is to know of the cluster.
public final class ClusterRoutes {
    private static final System.Logger LOG = System.getLogger(ClusterRoutes.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private ClusterRoutes() {}

    /// Answers other nodes, and `status/cluster`; a single node says that it is one.
    ///
    /// @param limits what a share may take
    /// @param memory that all queries of this node share
    static void register(
            RouteTable routes, Optional<ClusterNode> cluster, ApiLimits limits, NodeMemory memory) {
        routes.get(
                "status/cluster",
                "cluster",
                false,
                call -> cluster.map(ClusterRoutes::status).orElseGet(ClusterRoutes::alone));
        cluster.ifPresent(node ->
                routes.postBytes(
                        ShareClient.PATH,
                        ShareServer.REQUEST_LIMIT_BYTES,
                        shares(node.server(), limits, memory)));
    }

    /// Answers other nodes, once the body is there.
    public static Handler<RoutingContext> shares(
            ShareServer server, ApiLimits limits, NodeMemory memory) {
        return context -> share(context, server, new CallBudget(limits, Priority.AD_HOC, memory));
    }

    private static Answer alone() {
        return Answer.of(json -> {
            json.beginObject().name("enabled").value(false);
            json.name("nodes").beginArray().endArray().endObject();
        });
    }

    private static Answer status(ClusterNode node) {
        return Answer.of(json -> write(json, node));
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

    private static void write(JsonWriter json, ClusterNode node) throws IOException {
        json.beginObject().name("enabled").value(true).name("nodes").beginArray();
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
        json.endObject().endObject();
    }
}
