package dev.muster.head;

/// The series of a [Head] by what they cost in memory.
///
/// @param active in memory, with a sample in the last idle time
/// @param idle in memory, without one: taken out of it soon, at the next checkpoint at the latest
/// @param released not in memory any more: their labels lie beside their samples in chunk files,
///   where a select finds them, until the window is released; counted once for each window
public record SeriesActivity(int active, int idle, int released) {}
