package dev.muster.head.memory;

/// What became of exemplars, with the meanings of `ExemplarStats`.
public record ExemplarCounts(int held, long appended, long repeated, long evicted, long refused) {}
