package dev.muster.query.receivers;

import dev.muster.model.labels.Labels;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An alert as a notification shows it.
///
/// @param labels of the alert
/// @param annotations by name
/// @param startsAt since when it fires
/// @param endsAt when it ended; empty while it fires
/// @param generatorUrl where it comes from; may be empty
/// @param fingerprint of the labels, as Alertmanager computes it
public record NotifiedAlert(
        Labels labels,
        SortedMap<String, String> annotations,
        Instant startsAt,
        Optional<Instant> endsAt,
        String generatorUrl,
        long fingerprint) {
    public NotifiedAlert {
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    /// Whether it has ended.
    public boolean resolved() {
        return endsAt.isPresent();
    }

    /// `firing` or `resolved`.
    public String status() {
        return resolved() ? "resolved" : "firing";
    }

    /// The fingerprint as sixteen hexadecimal digits.
    public String fingerprintText() {
        return String.format("%016x", fingerprint);
    }
}
