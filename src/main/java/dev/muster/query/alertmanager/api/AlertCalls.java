package dev.muster.query.alertmanager.api;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelPattern;
import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.config.Route;
import dev.muster.query.alertmanager.dispatch.AlertDispatcher.GroupView;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.match.MatcherException;
import dev.muster.query.alertmanager.match.MatcherText;
import dev.muster.query.alertmanager.state.Alert;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/// The calls on alerts and their groups.
///
/// @param hub the alert manager
/// @param metrics of what comes in
record AlertCalls(AlertHub hub, ApiMetrics metrics) {
    /// What means yes; all else means no.
    private static final Set<String> TRUE =
            Set.of("true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled");

    /// Which alerts are wanted.
    private record Wanted(
            boolean active,
            boolean silenced,
            boolean inhibited,
            boolean unprocessed,
            boolean muted,
            List<Matcher> filter,
            Optional<LabelPattern> receiver) {
        static Wanted of(MultiMap parameters) throws Reply {
            return new Wanted(
                    flag(parameters, "active"),
                    flag(parameters, "silenced"),
                    flag(parameters, "inhibited"),
                    flag(parameters, "unprocessed"),
                    flag(parameters, "muted"),
                    AlertCalls.filter(parameters),
                    receiverPattern(parameters));
        }

        private static Optional<LabelPattern> receiverPattern(MultiMap parameters) throws Reply {
            String text = parameters.get("receiver");
            if (text == null || text.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(LabelPattern.of(text));
            } catch (InvalidPatternException e) {
                throw Reply.error(400, "failed to parse receiver param: " + e.getMessage());
            }
        }

        boolean receivers(List<String> names) {
            return receiver.isEmpty() || names.stream().anyMatch(receiver.get()::matches);
        }
    }

    /// What holds an alert back.
    private record Status(List<String> silencedBy, List<String> inhibitedBy, List<String> mutedBy) {
        boolean suppressed() {
            return !silencedBy.isEmpty() || !inhibitedBy.isEmpty();
        }

        JsonObject json() {
            return new JsonObject()
                    .put("inhibitedBy", new JsonArray(inhibitedBy))
                    .put("mutedBy", new JsonArray(mutedBy))
                    .put("silencedBy", new JsonArray(silencedBy))
                    .put("state", suppressed() ? "suppressed" : "active");
        }
    }

    static List<Matcher> filter(MultiMap parameters) throws Reply {
        List<Matcher> all = new ArrayList<>();
        for (String text : parameters.getAll("filter")) {
            try {
                all.add(MatcherText.parseOne(text));
            } catch (MatcherException e) {
                throw Reply.error(400, "bad matcher format: " + e.getMessage());
            }
        }
        return all;
    }

    private static boolean flag(MultiMap parameters, String name) {
        String text = parameters.get(name);
        return text == null || TRUE.contains(text.toLowerCase(Locale.ROOT));
    }

    Reply alerts(MultiMap parameters) throws Reply {
        Wanted wanted = Wanted.of(parameters);
        Instant now = hub.now();
        List<Alert> sorted = new ArrayList<>(hub.alerts().all());
        sorted.sort((one, other) -> Long.compareUnsigned(one.fingerprint(), other.fingerprint()));
        JsonArray found = new JsonArray();
        for (Alert alert : sorted) {
            if (alert.endsAt().isBefore(now) || !Matcher.all(wanted.filter, alert.labels())) {
                continue;
            }
            List<Route> routes = hub.config().route().match(alert.labels());
            List<String> receivers =
                    routes.stream().map(route -> route.options().receiver()).toList();
            Status status = status(alert, mutedBy(routes, now), now);
            if (wanted.receivers(receivers) && shows(wanted, status)) {
                found.add(json(alert, receivers, status));
            }
        }
        return Reply.of(found);
    }

    private static boolean shows(Wanted wanted, Status status) {
        return (wanted.active || status.suppressed())
                && (wanted.silenced || status.silencedBy.isEmpty())
                && (wanted.inhibited || status.inhibitedBy.isEmpty())
                && (wanted.muted || status.mutedBy.isEmpty());
    }

    private Status status(Alert alert, List<String> mutedBy, Instant now) {
        Labels labels = alert.labels();
        return new Status(
                hub.silences().silencing(labels, now),
                hub.inhibiting(labels).stream()
                        .map(source -> Alert.text(source.fingerprint()))
                        .toList(),
                mutedBy);
    }

    /// The times that mute an alert: only if all its routes are mute.
    private List<String> mutedBy(List<Route> routes, Instant now) {
        TreeSet<String> names = new TreeSet<>();
        for (Route route : routes) {
            List<String> muted = mutedBy(route, now);
            if (muted.isEmpty()) {
                return List.of();
            }
            names.addAll(muted);
        }
        return List.copyOf(names);
    }

    private List<String> mutedBy(Route route, Instant now) {
        List<String> active = route.options().activeTimes();
        if (!active.isEmpty() && !hub.config().holds(active, now)) {
            return active;
        }
        return route.options().muteTimes().stream()
                .filter(name -> hub.config().holds(List.of(name), now))
                .toList();
    }

    private static JsonObject json(Alert alert, List<String> receivers, Status status) {
        JsonArray names = new JsonArray();
        receivers.forEach(name -> names.add(new JsonObject().put("name", name)));
        JsonObject json =
                new JsonObject()
                        .put("annotations", texts(alert.annotations()))
                        .put("endsAt", Body.time(alert.endsAt()))
                        .put("fingerprint", Alert.text(alert.fingerprint()))
                        .put("receivers", names)
                        .put("startsAt", Body.time(alert.startsAt()))
                        .put("status", status.json())
                        .put("updatedAt", Body.time(alert.updatedAt()));
        if (!alert.generatorUrl().isEmpty()) {
            json.put("generatorURL", alert.generatorUrl());
        }
        return json.put("labels", labels(alert.labels()));
    }

    private static JsonObject labels(Labels labels) {
        JsonObject json = new JsonObject();
        labels.forEach(json::put);
        return json;
    }

    static JsonObject texts(SortedMap<String, String> texts) {
        JsonObject json = new JsonObject();
        texts.forEach(json::put);
        return json;
    }

    Reply groups(MultiMap parameters) throws Reply {
        Wanted wanted = Wanted.of(parameters);
        Instant now = hub.now();
        List<GroupView> groups =
                hub.groups().stream()
                        .filter(group ->
                                wanted.receivers(List.of(group.route().options().receiver())))
                        .toList();
        Map<Long, List<String>> receivers = new HashMap<>();
        for (GroupView group : groups) {
            for (Alert alert : group.alerts()) {
                receivers
                        .computeIfAbsent(alert.fingerprint(), key -> new ArrayList<>())
                        .add(group.route().options().receiver());
            }
        }
        JsonArray found = new JsonArray();
        for (GroupView group : groups) {
            JsonArray alerts = new JsonArray();
            List<String> muted = mutedBy(group.route(), now);
            for (Alert alert : group.alerts()) {
                Status status = status(alert, muted, now);
                if (!alert.endsAt().isBefore(now)
                        && Matcher.all(wanted.filter, alert.labels())
                        && shows(wanted, status)) {
                    alerts.add(
                            json(
                                    alert,
                                    receivers.getOrDefault(alert.fingerprint(), List.of()),
                                    status));
                }
            }
            String receiver = group.route().options().receiver();
            if (!alerts.isEmpty()) {
                found.add(
                        new JsonObject()
                                .put("alerts", alerts)
                                .put("labels", labels(group.labels()))
                                .put("receiver", new JsonObject().put("name", receiver)));
            }
        }
        return Reply.of(found);
    }

    Reply post(JsonArray sent) throws Reply {
        Instant now = hub.now();
        List<Alert> alerts = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            if (!(sent.getValue(i) instanceof JsonObject object)) {
                throw Body.wrong(String.valueOf(i), "must be of type object");
            }
            Body body = new Body(object);
            if (!object.containsKey("labels")) {
                throw Body.required(i + ".labels");
            }
            SortedMap<String, String> labels = body.texts("labels");
            try {
                alerts.add(alert(body, labels, now));
            } catch (IllegalArgumentException e) {
                metrics.invalid();
                wrong.add(String.valueOf(e.getMessage()));
            }
        }
        alerts.sort(Comparator.comparing(Alert::fingerprint));
        alerts.forEach(alert -> metrics.received(alert.resolvedAt(now)));
        int refused = hub.put(alerts);
        if (refused > 0) {
            throw Reply.error(500, "too many alerts: refused=" + refused);
        }
        if (!wrong.isEmpty()) {
            throw Reply.error(400, String.join("; ", wrong));
        }
        return Reply.empty(200);
    }

    private Alert alert(Body body, SortedMap<String, String> sent, Instant now) throws Reply {
        Labels.Builder labels = Labels.builder();
        sent.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("invalid label set: invalid name \"\"");
            }
            labels.set(name, value);
        });
        SortedMap<String, String> annotations = body.texts("annotations");
        Optional<Instant> starts = body.time("startsAt");
        Optional<Instant> ends = body.time("endsAt");
        Duration timeout = hub.config().resolveTimeout();
        return Alert.of(
                labels.build(),
                annotations,
                starts.orElse(ends.orElse(now)),
                ends.orElse(now.plus(timeout)),
                now,
                ends.isEmpty(),
                body.text("generatorURL"));
    }
}
