package dev.muster.federation.detect;

/// A moment, told from outside.
///
/// @param monotonicMs never steps; all decisions stand on it
/// @param unixMs for people; stored, never compared
public record Now(long monotonicMs, long unixMs) {}
