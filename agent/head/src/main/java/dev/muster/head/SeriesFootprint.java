package dev.muster.head;

/// What the series of a [Head] take of memory, whatever samples they have.
///
/// A series takes its part from its first sample until the last window that holds a sample of it
/// was released, even if it has had no sample for long: queries find it.
///
/// @param bytes of labels, index and slots, roughly; open streams are not among them, as they have
///   a limit of their own
/// @param collected series forgotten since the head was opened
public record SeriesFootprint(long bytes, long collected) {}
