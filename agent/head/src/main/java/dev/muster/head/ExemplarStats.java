package dev.muster.head;

/// The exemplars of a [Head], and what became of others since it was opened.
///
/// @param held held now
/// @param appended taken, those that were read back at open among them
/// @param repeated dropped because the series had them already, or newer ones
/// @param evicted dropped because newer ones of any series came and there were too many
/// @param refused dropped because their labels were too long, their time too far ahead or their
///   series unknown
public record ExemplarStats(int held, long appended, long repeated, long evicted, long refused) {}
