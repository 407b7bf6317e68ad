package dev.muster.federation.hazelcast;

/// Which hint of an agent holds all its metric names.
///
/// @param incarnation the run of the agent
/// @param number of the hint in that run, from 1
public record HintNumber(long incarnation, int number) {}
