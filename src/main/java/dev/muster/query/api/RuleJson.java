package dev.muster.query.api;

import dev.muster.query.rules.Alert;
import dev.muster.query.rules.GroupRun;
import dev.muster.query.rules.Rule;
import dev.muster.query.rules.live.GroupView;
import dev.muster.query.template.GoText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/// Groups, rules and alerts as Prometheus writes them, with `completeness` beside.
///
/// @param alerts whether the alerts of rules are shown
record RuleJson(boolean alerts) {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    /// @param rules those of the group that are asked for
    void group(JsonWriter json, GroupView group, List<GroupRun.Status> rules) throws IOException {
        json.beginObject().name("name").value(group.name()).name("file").value(group.file());
        json.name("rules").beginArray();
        for (GroupRun.Status rule : rules) {
            rule(json, rule);
        }
        json.endArray();
        json.name("interval").number(group.intervalMs() / MILLIS);
        json.name("limit").value(group.limit());
        json.name("evaluationTime").number(group.lastNanos() / NANOS);
        json.name("lastEvaluation").value(time(group.lastMs()));
        json.endObject();
    }

    private void rule(JsonWriter json, GroupRun.Status status) throws IOException {
        json.beginObject();
        switch (status.rule()) {
            case Rule.Alerting rule -> {
                json.name("state").value(status.state().text());
                json.name("name").value(rule.name()).name("query").value(rule.expr());
                json.name("duration").number(seconds(rule.hold()));
                json.name("keepFiringFor").number(seconds(rule.keepFiring()));
                words(json.name("labels"), rule.labels());
                words(json.name("annotations"), rule.annotations());
                json.name("alerts");
                if (alerts) {
                    alerts(json, status.alerts());
                } else {
                    json.json("null");
                }
                evaluation(json, status);
                json.name("type").value("alerting");
            }
            case Rule.Recording rule -> {
                json.name("name").value(rule.name()).name("query").value(rule.expr());
                if (!rule.labels().isEmpty()) {
                    words(json.name("labels"), rule.labels());
                }
                evaluation(json, status);
                json.name("type").value("recording");
            }
        }
        json.name("completeness").number(status.completeness()).endObject();
    }

    private static void evaluation(JsonWriter json, GroupRun.Status status) throws IOException {
        String health = status.failure().isPresent() ? "err" : "ok";
        json.name("health").value(status.evaluated() ? health : "unknown");
        if (status.failure().isPresent()) {
            json.name("lastError").value(status.failure().get());
        }
        json.name("evaluationTime").number(status.lastNanos() / NANOS);
        json.name("lastEvaluation").value(time(status.lastMs()));
    }

    static void alerts(JsonWriter json, List<Alert> alerts) throws IOException {
        json.beginArray();
        for (Alert alert : alerts) {
            json.beginObject().name("labels").labels(alert.labels());
            words(json.name("annotations"), alert.annotations());
            json.name("state").value(alert.state().text());
            json.name("activeAt").value(time(alert.activeAtMs()));
            if (alert.keepFiringSinceMs() > 0) {
                json.name("keepFiringSince").value(time(alert.keepFiringSinceMs()));
            }
            json.name("value").value(GoText.number(alert.value(), 'e', -1));
            json.name("completeness").number(alert.completeness()).endObject();
        }
        json.endArray();
    }

    private static void words(JsonWriter json, Map<String, String> words) throws IOException {
        json.beginObject();
        for (Map.Entry<String, String> word : words.entrySet()) {
            json.name(word.getKey()).value(word.getValue());
        }
        json.endObject();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }

    /// As Go writes times; that of something that never was, for 0.
    private static String time(long timeMs) {
        return timeMs == 0
                ? "0001-01-01T00:00:00Z"
                : DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochMilli(timeMs));
    }
}
