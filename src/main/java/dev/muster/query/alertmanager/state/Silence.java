package dev.muster.query.alertmanager.state;

import dev.muster.query.alertmanager.match.Matcher;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// For a while nobody is told of alerts that match.
///
/// @param id a UUID; empty for one that is new
/// @param matchers what alerts must satisfy, as they were written
/// @param startsAt from when it holds
/// @param endsAt until when
/// @param updatedAt when it was last changed
/// @param createdBy who wanted it
/// @param comment why
/// @param annotations by name
public record Silence(
        String id,
        List<Matcher> matchers,
        Instant startsAt,
        Instant endsAt,
        Instant updatedAt,
        String createdBy,
        String comment,
        SortedMap<String, String> annotations) {
    /// Whether a silence holds.
    public enum State {
        /// It holds.
        ACTIVE("active"),
        /// Not yet.
        PENDING("pending"),
        /// Not any more.
        EXPIRED("expired");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /// As the API writes it.
        public String text() {
            return text;
        }
    }

    public Silence {
        matchers = List.copyOf(matchers);
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    /// Whether it holds at a time.
    public State state(Instant time) {
        if (startsAt.isAfter(time)) {
            return State.PENDING;
        }
        return endsAt.isBefore(time) ? State.EXPIRED : State.ACTIVE;
    }

    Silence with(String newId, Instant starts, Instant ends, Instant updated) {
        return new Silence(newId, matchers, starts, ends, updated, createdBy, comment, annotations);
    }
}
