package dev.muster.agent.push;

import dev.muster.agent.json.JsonText;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;

/// Groups as the Pushgateway's API shows them.
public final class GroupsJson {
    private final GroupReader reader = new GroupReader();

    /// The answer of `GET /api/v1/metrics`.
    public String metrics(Collection<PushGroup> groups) {
        JsonArray data = new JsonArray();
        groups.forEach(group -> data.add(group(group)));
        return JsonText.of(new JsonObject().put("status", "success").put("data", data));
    }

    /// The answer of `GET /api/v1/status`.
    ///
    /// @param version of this program
    /// @param flags settings, by name
    public static String status(String version, JsonObject flags, Instant started) {
        JsonObject data =
                new JsonObject()
                        .put("build_information", new JsonObject().put("version", version))
                        .put("flags", flags)
                        .put("start_time", started.toString());
        return JsonText.of(new JsonObject().put("status", "success").put("data", data));
    }

    private JsonObject group(PushGroup group) {
        JsonObject labels = new JsonObject();
        group.key().labels().forEach(labels::put);
        JsonObject json =
                new JsonObject()
                        .put("labels", labels)
                        .put("last_push_successful", group.lastPushSucceeded());
        if (group.expiresMs() != 0) {
            json.put("expires", Instant.ofEpochMilli(group.expiresMs()).toString());
        }
        group.families().forEach((name, family) -> json.put(name, family(group, family)));
        return json;
    }

    private JsonObject family(PushGroup group, HeldFamily family) {
        JsonArray metrics = new JsonArray();
        reader.read(
                group,
                family,
                (number, labels, value) -> {
                    if (number == metrics.size()) {
                        metrics.add(new JsonObject().put("labels", labels(family, labels)));
                    }
                    add(metrics.getJsonObject(number), family, labels, text(value));
                });
        return new JsonObject()
                .put("time_stamp", Instant.ofEpochMilli(family.pushedMs()).toString())
                .put("type", type(family.type()))
                .put("help", family.help())
                .put("metrics", metrics);
    }

    private static JsonObject labels(HeldFamily family, Labels labels) {
        JsonObject json = new JsonObject();
        GroupReader.withInstance(labels)
                .forEach((name, value) -> {
                    if (!name.equals(bound(family.type()))) {
                        json.put(name, value);
                    }
                });
        return json;
    }

    private static String bound(MetricType type) {
        return switch (type) {
            case HISTOGRAM, GAUGE_HISTOGRAM -> "le";
            case SUMMARY -> "quantile";
            case UNKNOWN, COUNTER, GAUGE, INFO, STATE_SET -> "";
        };
    }

    private static void add(JsonObject metric, HeldFamily family, Labels labels, String value) {
        String bound = bound(family.type());
        String part = labels.metric().substring(family.name().length());
        if (bound.isEmpty()) {
            metric.put("value", value);
        } else if (part.equals("_count") || part.equals("_sum")) {
            metric.put(part.substring(1), value);
        } else {
            String name = bound.equals("le") ? "buckets" : "quantiles";
            if (!metric.containsKey(name)) {
                metric.put(name, new JsonObject());
            }
            metric.getJsonObject(name).put(labels.valueOf(bound), value);
        }
    }

    private static String type(MetricType type) {
        return type == MetricType.UNKNOWN
                ? "UNTYPED"
                : type == MetricType.GAUGE_HISTOGRAM
                        ? "GAUGE_HISTOGRAM"
                        : type.text().toUpperCase(Locale.ROOT);
    }

    private static String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
