package dev.muster.agent.api;

import dev.muster.agent.fleet.DirectoryPart;
import dev.muster.agent.fleet.PeerAnswer;
import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.DirectoryCodec;
import dev.muster.federation.directory.FleetSeal;
import dev.muster.federation.directory.WatchResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executor;

/// The directory of all cells: exchanged with other agents and query nodes, and shown to people.
final class DirectoryRoutes {
    private final Executor executor;
    private final ApiMetrics metrics;

    DirectoryRoutes(Executor executor, ApiMetrics metrics) {
        this.executor = executor;
        this.metrics = metrics;
    }

    /// Answers a frame of another agent.
    void exchange(AgentView view, RoutingContext context) {
        String seal = context.request().getHeader(FleetSeal.HEADER);
        HttpServerResponse response = context.response();
        LimitedBody.read(
                context.request(),
                DirectoryCodec.FRAME_LIMIT_BYTES,
                metrics,
                body ->
                        Answers.onWorker(
                                executor,
                                metrics,
                                response,
                                () -> send(view.fleet().directory().answer(body, seal), response)));
    }

    private static void send(PeerAnswer answer, HttpServerResponse response) {
        response.setStatusCode(answer.status());
        response.putHeader("Content-Type", "application/octet-stream");
        String seal = answer.seal();
        if (seal != null) {
            response.putHeader(FleetSeal.HEADER, seal);
        }
        response.end(Buffer.buffer(answer.body()));
    }

    /// What is known of all cells.
    static JsonObject directory(DirectoryPart directory) {
        JsonArray cells = new JsonArray();
        JsonArray watch = new JsonArray();
        for (Aged aged : directory.all()) {
            switch (aged.item()) {
                case CellEntry entry -> cells.add(of(entry, aged.ageMs()));
                case WatchResult result -> watch.add(of(result, aged.ageMs()));
            }
        }
        return new JsonObject().put("cells", cells).put("watch", watch);
    }

    private static JsonObject of(CellEntry entry, long ageMs) {
        JsonArray contacts = new JsonArray();
        entry.contacts()
                .forEach(contact ->
                        contacts.add(
                                new JsonObject()
                                        .put("url", contact.httpUrl())
                                        .put("member", contact.memberAddress())));
        return new JsonObject()
                .put("cell", entry.cell())
                .put("zone", entry.zone())
                .put("mapEpoch", entry.mapEpoch())
                .put("up", entry.up())
                .put("down", entry.down())
                .put("expected", entry.expected())
                .put("quorum", entry.hasQuorum())
                .put("contacts", contacts)
                .put("ageMs", ageMs);
    }

    private static JsonObject of(WatchResult result, long ageMs) {
        return new JsonObject()
                .put("cell", result.cell())
                .put("watcher", result.watcher())
                .put("watcherZone", result.watcherZone())
                .put("asked", result.asked())
                .put("reachable", result.reachable())
                .put("healthy", result.healthy())
                .put("hostsAsked", Long.bitCount(result.probedRow()))
                .put("hostsSilent", Long.bitCount(result.silentRow()))
                .put("atMs", result.atMs())
                .put("ageMs", ageMs);
    }
}
