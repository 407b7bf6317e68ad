package dev.muster.query.receivers.text;

import dev.muster.model.labels.Labels;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import dev.muster.query.template.Fields;
import dev.muster.query.template.GoTime;
import dev.muster.query.template.Methods;
import dev.muster.query.template.TemplateFunction;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a template of a notification speaks of, with Alertmanager's names.
public final class NotificationData {
    private static final GoTime NEVER =
            new GoTime(LocalDateTime.of(1, 1, 1, 0, 0).atZone(ZoneOffset.UTC));
    private static final String MEANT_IN_REGEX = "\\.+*?()|[]{}^$";

    private NotificationData() {}

    /// A notification as dot.
    public static Fields of(Notification notification) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("Receiver", quoted(notification.receiver()));
        fields.put("Status", notification.status());
        fields.put("Alerts", alerts(notification.alerts()));
        fields.put("GroupLabels", KeyValues.of(map(notification.groupLabels())));
        fields.put("CommonLabels", KeyValues.of(commonLabels(notification)));
        fields.put("CommonAnnotations", KeyValues.of(commonAnnotations(notification)));
        fields.put("ExternalURL", notification.externalUrl().toString());
        fields.put("MaybeDuplicate", notification.maybeDuplicate());
        return new Fields("*template.Data", fields);
    }

    /// As Go's `regexp.QuoteMeta`: links of the default templates search by it.
    static String quoted(String receiver) {
        StringBuilder quoted = new StringBuilder();
        for (char c : receiver.toCharArray()) {
            quoted.append(MEANT_IN_REGEX.indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return quoted.toString();
    }

    /// Labels by name.
    public static SortedMap<String, String> map(Labels labels) {
        SortedMap<String, String> map = new TreeMap<>();
        labels.forEach(map::put);
        return map;
    }

    /// Labels that all alerts bear with one value.
    public static SortedMap<String, String> commonLabels(Notification notification) {
        return common(notification, alert -> map(alert.labels()));
    }

    /// Annotations that all alerts bear with one value.
    public static SortedMap<String, String> commonAnnotations(Notification notification) {
        return common(notification, NotifiedAlert::annotations);
    }

    private static SortedMap<String, String> common(
            Notification notification, Function<NotifiedAlert, SortedMap<String, String>> of) {
        SortedMap<String, String> common =
                new TreeMap<>(of.apply(notification.alerts().getFirst()));
        for (NotifiedAlert alert : notification.alerts()) {
            common.entrySet().retainAll(of.apply(alert).entrySet());
        }
        return common;
    }

    private static Alerts alerts(List<NotifiedAlert> alerts) {
        return new Alerts(alerts);
    }

    /// Alerts, of which a template can ask for those that fire.
    private record Alerts(List<NotifiedAlert> alerts) implements Methods {
        @Override
        public Object value() {
            return alerts.stream().map(Alerts::fields).toList();
        }

        @Override
        public String type() {
            return "template.Alerts";
        }

        @Override
        public Optional<TemplateFunction> method(String name) {
            return switch (name) {
                case "Firing" -> Optional.of(those(false));
                case "Resolved" -> Optional.of(those(true));
                default -> Optional.empty();
            };
        }

        private TemplateFunction those(boolean resolved) {
            return TemplateFunction.of(
                    List.of(),
                    _ ->
                            new Alerts(
                                    alerts.stream()
                                            .filter(alert -> alert.resolved() == resolved)
                                            .toList()));
        }

        private static Fields fields(NotifiedAlert alert) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("Status", alert.status());
            fields.put("Labels", KeyValues.of(map(alert.labels())));
            fields.put("Annotations", KeyValues.of(alert.annotations()));
            fields.put("StartsAt", GoTime.ofMillis(alert.startsAt().toEpochMilli()));
            fields.put(
                    "EndsAt",
                    alert.endsAt().map(end -> GoTime.ofMillis(end.toEpochMilli())).orElse(NEVER));
            fields.put("GeneratorURL", alert.generatorUrl());
            fields.put("Fingerprint", alert.fingerprintText());
            return new Fields("template.Alert", fields);
        }
    }
}
