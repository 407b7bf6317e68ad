package dev.muster.agent.intake.otlp;

import dev.muster.model.labels.Labels;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a resource gives to its series: `job`, `instance` and what is promoted; and its
/// `target_info`. Immutable.
final class OtlpResource {
    private static final String NAME = "service.name";
    private static final String NAMESPACE = "service.namespace";
    private static final String INSTANCE = "service.instance.id";

    private final Map<String, String> labels = new TreeMap<>();
    private final Optional<Labels> info;

    OtlpResource(Map<String, String> attributes, OtlpNames names, OtlpPlan plan) {
        String service = attributes.getOrDefault(NAME, "");
        String namespace = attributes.getOrDefault(NAMESPACE, "");
        String job = namespace.isEmpty() || service.isEmpty() ? service : namespace + "/" + service;
        String instance = attributes.getOrDefault(INSTANCE, "");
        Map<String, String> rest = new TreeMap<>(attributes);
        rest.remove(NAME);
        rest.remove(NAMESPACE);
        rest.remove(INSTANCE);
        for (Map.Entry<String, String> each : attributes.entrySet()) {
            if (plan.promoted().contains(each.getKey()) || plan.promoted().contains("*")) {
                join(labels, names.label(each.getKey()), each.getValue());
            }
        }
        put(labels, "job", job);
        put(labels, "instance", instance);
        info = info(rest, job, instance, names);
    }

    private static Optional<Labels> info(
            Map<String, String> rest, String job, String instance, OtlpNames names) {
        if (rest.isEmpty() || (job.isEmpty() && instance.isEmpty())) {
            return Optional.empty();
        }
        Map<String, String> all = new TreeMap<>();
        rest.forEach((key, value) -> join(all, names.label(key), value));
        put(all, "job", job);
        put(all, "instance", instance);
        all.put(Labels.METRIC, "target_info");
        return Optional.of(Labels.of(all));
    }

    private static void put(Map<String, String> into, String name, String value) {
        if (!value.isEmpty()) {
            into.put(name, value);
        }
    }

    /// Attributes whose names become the same share a label.
    static void join(Map<String, String> into, String name, String value) {
        if (!name.isEmpty()) {
            into.merge(name, value, (one, other) -> one + ";" + other);
        }
    }

    /// Labels of a series without its name.
    Map<String, String> labels(Map<String, String> attributes, OtlpNames names) {
        Map<String, String> all = new TreeMap<>();
        attributes.forEach((key, value) -> join(all, names.label(key), value));
        all.putAll(labels);
        return all;
    }

    /// Labels of the series that tells of the resource; empty if there is nothing to tell.
    Optional<Labels> info() {
        return info;
    }
}
