package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is known of an alert from one evaluation to the next. Guarded by the rule that has it.
final class ActiveAlert {
    /// No such time.
    static final long NONE = Long.MIN_VALUE;

    final Labels labels;
    long activeAtMs;
    SortedMap<String, String> annotations;
    AlertState state = AlertState.PENDING;
    double value;
    double completeness;
    long firedAtMs = NONE;
    long keepFiringSinceMs = NONE;
    long resolvedAtMs = NONE;
    long lastSentMs = NONE;

    ActiveAlert(
            Labels labels,
            SortedMap<String, String> annotations,
            double value,
            double completeness,
            long activeAtMs) {
        this.labels = labels;
        this.annotations = annotations;
        this.value = value;
        this.completeness = completeness;
        this.activeAtMs = activeAtMs;
    }

    /// An alert that was active before this process looked at it, and fires on until it is known
    /// better.
    static ActiveAlert goingOn(Labels labels, long activeAtMs, boolean fires, long timeMs) {
        ActiveAlert alert = new ActiveAlert(labels, new TreeMap<>(), Double.NaN, 1, activeAtMs);
        if (fires) {
            alert.state = AlertState.FIRING;
            alert.firedAtMs = timeMs;
        }
        return alert;
    }

    /// The same alert has a value again, or still.
    void renew(ActiveAlert found) {
        value = found.value;
        annotations = found.annotations;
        completeness = found.completeness;
    }

    /// Must it be told of, again?
    boolean mustBeSent(long timeMs, long resendMs) {
        if (state == AlertState.PENDING) {
            return false;
        }
        if (lastSentMs == NONE || (resolvedAtMs != NONE && resolvedAtMs > lastSentMs)) {
            return true;
        }
        return lastSentMs + resendMs < timeMs;
    }

    Alert shown() {
        return new Alert(
                labels,
                annotations,
                state,
                activeAtMs,
                zeroIfNone(firedAtMs),
                zeroIfNone(keepFiringSinceMs),
                zeroIfNone(resolvedAtMs),
                value,
                completeness);
    }

    private static long zeroIfNone(long timeMs) {
        return timeMs == NONE ? 0 : timeMs;
    }
}
