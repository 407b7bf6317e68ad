package dev.muster.federation.follow;

/// An agent that this node follows.
///
/// @param url the agent
/// @param cell its cell; empty before it has told
/// @param observer its host; empty before it has told
/// @param connected whether its stream gives frames
/// @param matches whether the copy is what the agent has
/// @param frames frames received on this stream
/// @param failures failures in a row
/// @param error the last failure; empty if there was none since it connected
public record Followed(
        String url,
        String cell,
        String observer,
        boolean connected,
        boolean matches,
        long frames,
        int failures,
        String error) {}
