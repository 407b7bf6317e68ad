package dev.muster.agent.scrape.job;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;

/// What a discovery may use of the agent.
///
/// @param clock wall clock
/// @param timers run short tasks later
/// @param threads make virtual threads for work that waits
/// @param http asks other services
/// @param kubernetes how much of a cluster is looked at
/// @param metrics counts what discoveries do
/// @param changed to be run after each change of a state; cheap, from any thread, any number of
///   times
public record DiscoveryContext(
        InstantSource clock,
        Timers timers,
        ThreadFactory threads,
        HttpRequests http,
        KubernetesScope kubernetes,
        DiscoveryMetrics metrics,
        Runnable changed) {}
