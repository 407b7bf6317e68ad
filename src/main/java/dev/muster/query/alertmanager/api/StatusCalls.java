package dev.muster.query.alertmanager.api;

import dev.muster.query.alertmanager.AlertHub;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;

/// The calls on the alert manager itself.
///
/// @param hub the alert manager
/// @param node name of this node
/// @param peers addresses of all nodes by name, this one among them; none where there is no cluster
/// @param version of this program
/// @param started when it started
record StatusCalls(
        AlertHub hub,
        String node,
        Supplier<SortedMap<String, String>> peers,
        String version,
        Instant started) {
    Reply status() {
        SortedMap<String, String> nodes = peers.get();
        JsonArray members = new JsonArray();
        for (Map.Entry<String, String> peer : nodes.entrySet()) {
            members.add(
                    new JsonObject().put("address", peer.getValue()).put("name", peer.getKey()));
        }
        JsonObject cluster = new JsonObject();
        if (!nodes.isEmpty()) {
            cluster.put("name", node);
        }
        cluster.put("peers", members).put("status", nodes.isEmpty() ? "disabled" : "ready");
        JsonObject build =
                new JsonObject()
                        .put("branch", "")
                        .put("buildDate", "")
                        .put("buildUser", "")
                        .put("goVersion", "")
                        .put("revision", "")
                        .put("version", version);
        return Reply.of(
                new JsonObject()
                        .put("cluster", cluster)
                        .put("config", new JsonObject().put("original", hub.config().shown()))
                        .put("uptime", Body.time(started))
                        .put("versionInfo", build));
    }

    Reply receivers() {
        JsonArray names = new JsonArray();
        hub.config()
                .receivers()
                .names()
                .forEach(name -> names.add(new JsonObject().put("name", name)));
        return Reply.of(names);
    }
}
