package dev.muster.launcher.endtoend;

/// A stored sample as somebody answered it.
///
/// @param timeMs Unix time
record Sample(long timeMs, double value) {}
