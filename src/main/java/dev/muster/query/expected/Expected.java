package dev.muster.query.expected;

import java.util.Optional;

/// A host or service that should be there, and how that is. Immutable.
///
/// @param key what it is
/// @param cell the cell it was seen in last; empty if it never was
/// @param why why it should be there
/// @param presence whether it is
/// @param sinceMs when that began, Unix time
/// @param lastSeenMs when it was there last, Unix time; 0 if never
/// @param cause in words, where it is not simply there
/// @param acknowledged by whom its absence is known
public record Expected(
        ExpectedKey key,
        String cell,
        Why why,
        Presence presence,
        long sinceMs,
        long lastSeenMs,
        String cause,
        Optional<Acknowledgement> acknowledged) {
    /// Why something should be there.
    public enum Why {
        /// It was seen, and has not said that it goes.
        SEEN,
        /// The configuration, a file or another system lists it.
        LISTED
    }

    /// Whether it is there.
    public enum Presence {
        /// There.
        PRESENT,
        /// Known to be down: missing.
        DOWN,
        /// Nobody tells of it any more, though its neighbours are heard: missing.
        GONE,
        /// Listed, and never seen: missing.
        NEVER,
        /// It has said that it goes, or is worked on: quiet.
        LEFT;

        /// Whether it is missing.
        public boolean isMissing() {
            return switch (this) {
                case DOWN, GONE, NEVER -> true;
                case PRESENT, LEFT -> false;
            };
        }
    }

    /// Somebody knows of an absence.
    ///
    /// @param author who
    /// @param note why it is known
    /// @param atMs when he said so, Unix time
    public record Acknowledgement(String author, String note, long atMs) {}

    /// Whether it is missing.
    public boolean isMissing() {
        return presence.isMissing();
    }

    Expected as(Presence other, long fromMs, String because) {
        return presence == other && cause.equals(because)
                ? this
                : new Expected(
                        key,
                        cell,
                        why,
                        other,
                        presence == other ? sinceMs : fromMs,
                        lastSeenMs,
                        because,
                        other.isMissing() ? acknowledged : Optional.empty());
    }

    Expected seen(String in, long atMs) {
        return new Expected(
                key,
                in,
                why,
                Presence.PRESENT,
                presence == Presence.PRESENT ? sinceMs : atMs,
                atMs,
                "",
                Optional.empty());
    }

    Expected listed(boolean listed) {
        return new Expected(
                key,
                cell,
                listed ? Why.LISTED : Why.SEEN,
                presence,
                sinceMs,
                lastSeenMs,
                cause,
                acknowledged);
    }

    Expected acknowledgedBy(Optional<Acknowledgement> by) {
        return new Expected(key, cell, why, presence, sinceMs, lastSeenMs, cause, by);
    }
}
