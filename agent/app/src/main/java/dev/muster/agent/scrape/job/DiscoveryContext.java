package dev.muster.agent.scrape.job;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;

/// What a discovery may use of the agent.
///
/// @param clock wall clock
/// @param timers run short tasks later
/// @param threads make virtual threads for work that waits
/// @param changed to be run after each change of a state; cheap, from any thread, any number of
///   times
public record DiscoveryContext(
        InstantSource clock, Timers timers, ThreadFactory threads, Runnable changed) {}
