package dev.muster.query.alertmanager.api;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.config.Route;
import dev.muster.query.receivers.Receiver;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Who would be called: the way of an alert through the routing tree, which Alertmanager's API does
/// not tell.
///
/// @param hub the alert manager
record RouteCalls(AlertHub hub) {
    /// @param body an object with `labels`, those of the alert
    Reply route(JsonObject body) throws Reply {
        Map<String, String> told = new Body(body).texts("labels");
        Labels labels = Labels.of(told);
        AlertmanagerConfig config = hub.config();
        Instant now = hub.now();
        JsonArray routes = new JsonArray();
        for (Route route : config.route().match(labels)) {
            routes.add(json(route, config, labels, now));
        }
        return Reply.of(
                new JsonObject()
                        .put("routes", routes)
                        .put("silencedBy", array(hub.silences().silencing(labels, now)))
                        .put("inhibited", hub.inhibiting(labels).isPresent()));
    }

    private static JsonObject json(
            Route route, AlertmanagerConfig config, Labels labels, Instant now) {
        Route.Options options = route.options();
        List<String> integrations =
                config.receivers().receivers(options.receiver()).stream()
                        .map(Receiver::integration)
                        .toList();
        return new JsonObject()
                .put("receiver", options.receiver())
                .put("integrations", array(integrations))
                .put("path", route.key())
                .put("groupBy", array(options.groupByAll() ? List.of("...") : options.groupBy()))
                .put("groupLabels", object(route.groupLabels(labels)))
                .put("groupWait", seconds(options.groupWait()))
                .put("groupInterval", seconds(options.groupInterval()))
                .put("repeatInterval", seconds(options.repeatInterval()))
                .put("mutedBy", array(mutedBy(options, config, now)));
    }

    /// The times for which nobody is told now, among those the active ones that do not hold.
    private static List<String> mutedBy(
            Route.Options options, AlertmanagerConfig config, Instant now) {
        List<String> muted = new ArrayList<>();
        for (String name : options.muteTimes()) {
            if (config.holds(List.of(name), now)) {
                muted.add(name);
            }
        }
        if (!options.activeTimes().isEmpty() && !config.holds(options.activeTimes(), now)) {
            options.activeTimes().forEach(name -> muted.add("not " + name));
        }
        return muted;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static JsonArray array(Collection<String> texts) {
        return new JsonArray(List.copyOf(texts));
    }

    private static JsonObject object(Labels labels) {
        JsonObject object = new JsonObject();
        labels.forEach(object::put);
        return object;
    }
}
