package dev.muster.query.alertmanager.state;

import dev.muster.model.labels.Labels;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// An alert as it was last told of. Equal labels are the same alert.
///
/// @param labels of it; at least one
/// @param annotations by name
/// @param startsAt since when it fires
/// @param endsAt when it ended or, in the future, until when it holds if nothing more is heard
/// @param updatedAt when it was told of
/// @param timeout whether `endsAt` was not told but assumed
/// @param generatorUrl where it comes from; may be empty
/// @param fingerprint of the labels
/// @param value of its expression; NaN where it has none
/// @param share of the hosts that it was decided on, 0 to 1; NaN where that is not known
public record Alert(
        Labels labels,
        SortedMap<String, String> annotations,
        Instant startsAt,
        Instant endsAt,
        Instant updatedAt,
        boolean timeout,
        String generatorUrl,
        long fingerprint,
        double value,
        double share) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    public Alert {
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        if (labels.size() == 0) {
            throw new IllegalArgumentException("at least one label pair required");
        }
        if (endsAt.isBefore(startsAt)) {
            throw new IllegalArgumentException(
                    "start time must be before end time: startsAt="
                            + startsAt
                            + ", endsAt="
                            + endsAt);
        }
    }

    /// With the fingerprint of its labels.
    public static Alert of(
            Labels labels,
            SortedMap<String, String> annotations,
            Instant startsAt,
            Instant endsAt,
            Instant updatedAt,
            boolean timeout,
            String generatorUrl) {
        return new Alert(
                labels,
                annotations,
                startsAt,
                endsAt,
                updatedAt,
                timeout,
                generatorUrl,
                fingerprint(labels),
                Double.NaN,
                Double.NaN);
    }

    /// The same with what it was decided on.
    public Alert measured(double newValue, double newShare) {
        return new Alert(
                labels,
                annotations,
                startsAt,
                endsAt,
                updatedAt,
                timeout,
                generatorUrl,
                fingerprint,
                newValue,
                newShare);
    }

    /// Whether it is known what it was decided on.
    boolean isMeasured() {
        return !Double.isNaN(value) || !Double.isNaN(share);
    }

    /// The number of a label set in Alertmanager: FNV-1a of the canonical bytes.
    public static long fingerprint(Labels labels) {
        long hash = FNV_OFFSET;
        for (byte b : labels.canonicalBytes()) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /// Sixteen hexadecimal digits.
    public static String text(long fingerprint) {
        return String.format("%016x", fingerprint);
    }

    /// Has it ended at this time?
    public boolean resolvedAt(Instant time) {
        return !endsAt.isAfter(time);
    }

    /// Its name, where it has one.
    public String name() {
        return labels.valueOf("alertname");
    }

    /// One alert of two that overlap in time, as Alertmanager merges: the younger, with the earlier
    /// start; an end that was told goes before one that was assumed.
    ///
    /// @param now decides which of them have ended
    public Alert merge(Alert other, Instant now) {
        if (other.updatedAt.isBefore(updatedAt)) {
            return other.merge(this, now);
        }
        Instant starts = startsAt.isBefore(other.startsAt) ? startsAt : other.startsAt;
        Instant ends = other.endsAt;
        boolean later = endsAt.isAfter(other.endsAt);
        if (later && (other.resolvedAt(now) ? resolvedAt(now) : !timeout)) {
            ends = endsAt;
        }
        return new Alert(
                other.labels,
                other.annotations,
                starts,
                ends,
                other.updatedAt,
                other.timeout,
                other.generatorUrl,
                fingerprint,
                other.value,
                other.share);
    }

    /// Does the activity of another reach into this one's?
    boolean overlaps(Alert other) {
        return (endsAt.isAfter(other.startsAt) && endsAt.isBefore(other.endsAt))
                || (startsAt.isAfter(other.startsAt) && startsAt.isBefore(other.endsAt));
    }
}
