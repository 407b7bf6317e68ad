package dev.muster.query.fleet;

import java.net.URI;

/// An agent that this node follows.
///
/// @param url the agent
/// @param connected whether its stream gives views
/// @param frames views received on this stream
/// @param failures failures in a row
/// @param error the last failure; empty if there was none since it connected
public record Followed(URI url, boolean connected, long frames, int failures, String error) {}
