package dev.muster.agent.intake.mqtt;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Turns a message into samples.
///
/// @param topics that messages are taken of
/// @param clock for messages that say no time
record MessageReader(List<TopicTemplate> topics, InstantSource clock) {
    MessageReader {
        topics = List.copyOf(topics);
    }

    /// Adds the samples of a message to a batch.
    ///
    /// @return false if there is no number in it, or nobody asked for its topic
    boolean read(String topic, byte[] message, PushBatch batch) {
        Optional<Payload> payload = Payload.of(message);
        Optional<Labels> labels = labels(topic);
        if (payload.isEmpty() || labels.isEmpty()) {
            return false;
        }
        long timeMs = payload.get().timestampMs();
        long sampleMs = timeMs == 0 ? clock.millis() : timeMs;
        String base = labels.get().metric();
        payload.get()
                .values()
                .forEach((name, value) -> {
                    Labels series =
                            labels.get().toBuilder().set(Labels.METRIC, metric(base, name)).build();
                    batch.sample(batch.series(series, MetricMetadata.NONE), sampleMs, value, 0);
                });
        return true;
    }

    private static String metric(String base, String name) {
        String whole =
                base.isEmpty()
                        ? "mqtt_" + (name.isEmpty() ? "value" : name)
                        : name.isEmpty() ? base : base + "_" + name;
        return NameEscaping.UNDERSCORES.escape(whole);
    }

    private Optional<Labels> labels(String topic) {
        for (TopicTemplate template : topics) {
            Optional<Labels> found = template.labels(topic);
            if (found.isPresent()) {
                Labels labels = found.get();
                return labels.get("job") != null
                        ? found
                        : Optional.of(labels.toBuilder().set("job", "mqtt").build());
            }
        }
        return Optional.empty();
    }
}
