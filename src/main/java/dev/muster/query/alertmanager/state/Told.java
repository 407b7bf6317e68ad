package dev.muster.query.alertmanager.state;

import java.time.Instant;
import java.util.Set;
import java.util.function.LongPredicate;

/// What a node has told a receiver of a group.
///
/// @param at when
/// @param expiresAt until when it is of use to know
/// @param firing fingerprints of those that fired
/// @param resolved fingerprints of those that had ended
/// @param known whether the node knew the alert of a fingerprint, so that it would have told of it
public record Told(
        Instant at, Instant expiresAt, Set<Long> firing, Set<Long> resolved, LongPredicate known) {}
