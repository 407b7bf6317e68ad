package dev.muster.query.alertmanager.api;

import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.match.MatcherException;
import dev.muster.query.alertmanager.state.Silence;
import dev.muster.query.alertmanager.state.SilenceException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// The calls on silences.
///
/// @param hub the alert manager
record SilenceCalls(AlertHub hub) {
    Reply silences(MultiMap parameters) throws Reply {
        List<Matcher> filter = AlertCalls.filter(parameters);
        Instant now = hub.now();
        List<Silence> found = new ArrayList<>();
        for (Silence silence : hub.silences().all()) {
            if (matches(silence, filter)) {
                found.add(silence);
            }
        }
        found.sort(order(now));
        JsonArray json = new JsonArray();
        found.forEach(silence -> json.add(json(silence, now)));
        return Reply.of(json);
    }

    private static boolean matches(Silence silence, List<Matcher> filter) {
        Map<String, String> values = new TreeMap<>();
        silence.matchers().forEach(matcher -> values.put(matcher.name(), matcher.value()));
        return filter.stream()
                .allMatch(matcher -> matcher.matches(values.getOrDefault(matcher.name(), "")));
    }

    /// Those that hold first, by their end; then those to come, by their start; those that have
    /// expired last, the latest first.
    private static Comparator<Silence> order(Instant now) {
        return Comparator.<Silence, Silence.State>comparing(silence -> silence.state(now))
                .thenComparing((one, other) ->
                        switch (one.state(now)) {
                            case ACTIVE -> one.endsAt().compareTo(other.endsAt());
                            case PENDING -> one.startsAt().compareTo(other.startsAt());
                            case EXPIRED -> other.endsAt().compareTo(one.endsAt());
                        })
                .thenComparing(Silence::id);
    }

    private static JsonObject json(Silence silence, Instant now) {
        JsonArray matchers = new JsonArray();
        for (Matcher matcher : silence.matchers()) {
            matchers.add(
                    new JsonObject()
                            .put("isEqual", matcher.positive())
                            .put("isRegex", matcher.regex())
                            .put("name", matcher.name())
                            .put("value", matcher.value()));
        }
        JsonObject json =
                new JsonObject()
                        .put("id", silence.id())
                        .put("status", new JsonObject().put("state", silence.state(now).text()))
                        .put("updatedAt", Body.time(silence.updatedAt()));
        if (!silence.annotations().isEmpty()) {
            json.put("annotations", AlertCalls.texts(silence.annotations()));
        }
        return json.put("comment", silence.comment())
                .put("createdBy", silence.createdBy())
                .put("endsAt", Body.time(silence.endsAt()))
                .put("matchers", matchers)
                .put("startsAt", Body.time(silence.startsAt()));
    }

    private static void requireUuid(String id) throws Reply {
        try {
            var _ = UUID.fromString(id);
        } catch (IllegalArgumentException _) {
            throw Reply.invalid(422, 601, "silenceID in path must be of type uuid: \"" + id + "\"");
        }
    }

    Reply silence(String id) throws Reply {
        requireUuid(id);
        return hub.silences()
                .find(id)
                .map(silence -> Reply.of(json(silence, hub.now())))
                .orElseThrow(() -> Reply.empty(404));
    }

    Reply delete(String id) throws Reply {
        requireUuid(id);
        try {
            hub.silences().expire(id, hub.now());
            return Reply.empty(200);
        } catch (SilenceException e) {
            throw e.reason() == SilenceException.Reason.NOT_FOUND
                    ? Reply.empty(404)
                    : Reply.error(500, e.getMessage());
        }
    }

    Reply post(JsonObject sent) throws Reply {
        Body body = new Body(sent);
        String comment = body.requiredText("comment");
        String createdBy = body.requiredText("createdBy");
        Instant ends = body.time("endsAt").orElseThrow(() -> Body.required("endsAt"));
        List<Matcher> matchers = matchers(sent);
        Instant starts = body.time("startsAt").orElseThrow(() -> Body.required("startsAt"));
        Instant now = hub.now();
        if (!starts.isBefore(ends)) {
            throw Reply.error(400, "failed to create silence: start time must be before end time");
        }
        if (ends.isBefore(now)) {
            throw Reply.error(400, "failed to create silence: end time can't be in the past");
        }
        try {
            String id =
                    hub.silences()
                            .set(
                                    new Silence(
                                            body.text("id"),
                                            matchers,
                                            starts,
                                            ends,
                                            now,
                                            createdBy,
                                            comment,
                                            body.texts("annotations")),
                                    now);
            return Reply.of(new JsonObject().put("silenceID", id));
        } catch (SilenceException e) {
            throw Reply.error(
                    e.reason() == SilenceException.Reason.NOT_FOUND ? 404 : 400, e.getMessage());
        }
    }

    private static List<Matcher> matchers(JsonObject sent) throws Reply {
        if (!(sent.getValue("matchers") instanceof JsonArray array)) {
            throw Body.required("matchers");
        }
        if (array.isEmpty()) {
            throw Reply.invalid(422, 612, "matchers in body should have at least 1 items");
        }
        List<Matcher> matchers = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof JsonObject object)) {
                throw Body.wrong("matchers." + i, "must be of type object");
            }
            Body body = new Body(object);
            if (!object.containsKey("isRegex")) {
                throw Body.required("matchers." + i + ".isRegex");
            }
            String name = body.requiredText("name");
            String value = body.requiredText("value");
            Matcher.Op op = Matcher.Op.of(body.flag("isRegex", false), body.flag("isEqual", true));
            try {
                matchers.add(Matcher.of(name, op, value));
            } catch (MatcherException e) {
                throw Reply.error(400, "invalid silence: " + e.getMessage());
            }
        }
        return matchers;
    }
}
