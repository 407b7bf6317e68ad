package dev.muster.query.alertmanager.api;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.model.time.TimeRange;
import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.state.Alert;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of alerts, as the table `alerts` has it, which Alertmanager's API does not tell.
///
/// @param hub the alert manager
/// @param rows looks it up; empty where none is kept
record HistoryCalls(AlertHub hub, Optional<HistoryRows> rows) {
    private static final System.Logger LOG = System.getLogger(HistoryCalls.class.getName());
    private static final Duration USUAL = Duration.ofDays(1);
    private static final int USUAL_LIMIT = 1_000;
    private static final int MOST = 10_000;

    /// @param query `start` and `end` (RFC 3339; the last day) and `limit` (1,000; at most 10,000)
    Reply history(MultiMap query) throws Reply {
        Instant end = time(query.get("end"), hub.now().plusSeconds(1));
        Instant start = time(query.get("start"), end.minus(USUAL));
        if (!start.isBefore(end)) {
            throw Reply.error(400, "start must be before end: start=" + start + ", end=" + end);
        }
        int limit = limit(query.get("limit"));
        JsonArray shown = new JsonArray();
        for (AlertRow row : last(new TimeRange(start.toEpochMilli(), end.toEpochMilli()), limit)) {
            shown.add(json(row));
        }
        return Reply.of(
                new JsonObject()
                        .put("kept", rows.isPresent())
                        .put("cut", shown.size() == limit)
                        .put("rows", shown));
    }

    private List<AlertRow> last(TimeRange range, int limit) throws Reply {
        if (rows.isEmpty()) {
            return List.of();
        }
        try {
            return rows.get().last(range, limit);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "history of alerts cannot be read", e);
            throw Reply.error(503, "history cannot be read: " + e.getMessage());
        }
    }

    private static Instant time(@Nullable String text, Instant usual) throws Reply {
        try {
            return text == null ? usual : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Reply.error(400, "time must be as of RFC 3339, in UTC: " + text);
        }
    }

    private static int limit(@Nullable String text) throws Reply {
        try {
            int limit = text == null ? USUAL_LIMIT : Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw Reply.error(400, "limit must be 1 to " + MOST + ": " + text);
    }

    private static JsonObject json(AlertRow row) {
        JsonObject json = new JsonObject().put("ts", time(row.atMs()));
        switch (row) {
            case AlertRow.Transition alert -> put(json, alert);
            case AlertRow.Notified told -> put(json, told);
            case AlertRow.Silenced silence -> put(json, silence);
        }
        return json;
    }

    private static void put(JsonObject json, AlertRow.Transition alert) {
        json.put("kind", "alert")
                .put("event", word(alert.state()))
                .put("fingerprint", Alert.text(alert.fingerprint()))
                .put("labels", object(alert.labels()))
                .put("annotations", object(alert.annotations()))
                .put("startsAt", time(alert.startsMs()))
                .put("reason", alert.reason())
                .put("source", alert.source());
        number(json, "value", alert.value());
        number(json, "hostsShare", alert.share());
    }

    private static void put(JsonObject json, AlertRow.Notified told) {
        json.put("kind", "notification")
                .put("event", word(told.outcome()))
                .put("node", told.node())
                .put("receiver", told.receiver())
                .put("integration", told.integration())
                .put("labels", object(told.groupLabels()))
                .put("groupKey", told.groupKey())
                .put("firing", told.firing().size())
                .put("resolved", told.resolved().size())
                .put("attempts", told.attempts())
                .put("latencyMs", told.latencyMs())
                .put("maybeDuplicate", told.maybeDuplicate())
                .put("reason", told.reason());
    }

    private static void put(JsonObject json, AlertRow.Silenced silence) {
        json.put("kind", "silence")
                .put("event", word(silence.change()))
                .put("node", silence.node())
                .put("silence", silence.silence())
                .put("acknowledgement", silence.acknowledgement())
                .put("matchers", new JsonArray(silence.matchers()))
                .put("startsAt", time(silence.startsMs()))
                .put("endsAt", time(silence.endsMs()))
                .put("createdBy", silence.createdBy())
                .put("comment", silence.comment());
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static String time(long ms) {
        return Body.time(Instant.ofEpochMilli(ms));
    }

    private static void number(JsonObject json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }

    private static JsonObject object(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::put);
        return object;
    }
}
