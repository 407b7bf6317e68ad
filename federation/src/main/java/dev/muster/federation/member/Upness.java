package dev.muster.federation.member;

import java.util.Optional;

/// Whether a member is up, as one observer or a merge of several sees it.
///
/// Every state says since when, in Unix milliseconds of the clock of the agent that decided it.
public sealed interface Upness {
    /// When this state began, Unix time.
    long sinceMs();

    /// Why, where the state has a cause.
    default Optional<Cause> why() {
        return switch (this) {
            case Up _, Left _ -> Optional.empty();
            case Suspect(_, var cause) -> Optional.of(cause);
            case Down(_, var cause) -> Optional.of(cause);
            case Unknown(_, var cause) -> Optional.of(cause);
        };
    }

    /// The name of the state in answers and metrics: `up`, `suspect`, `down`, `left`, `unknown`.
    default String label() {
        return switch (this) {
            case Up _ -> "up";
            case Suspect _ -> "suspect";
            case Down _ -> "down";
            case Left _ -> "left";
            case Unknown _ -> "unknown";
        };
    }

    /// Heard.
    record Up(long sinceMs) implements Upness {}

    /// Not heard by this observer, and no quorum calls it down: never an alarm by itself.
    record Suspect(long sinceMs, Cause cause) implements Upness {}

    /// Down by quorum or by evidence.
    record Down(long sinceMs, Cause cause) implements Upness {}

    /// Left on purpose: quiet.
    record Left(long sinceMs) implements Upness {}

    /// Nothing can be said: those who could say are silent. Never the same as down.
    record Unknown(long sinceMs, Cause cause) implements Upness {}
}
