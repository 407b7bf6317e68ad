package dev.muster.federation.detect;

import dev.muster.federation.member.Upness;

/// What the surroundings are to do.
public sealed interface Effect {
    /// Say this to all agents of the cell.
    record Send(Frame frame) implements Effect {}

    /// Ask an agent over HTTP whether it lives, and tell the result as [Event.Probed].
    record Probe(String host, long incarnation, String httpUrl) implements Effect {}

    /// A member is seen otherwise than before: for logs and, later, history.
    record Changed(String host, Upness before, Upness after) implements Effect {}

    /// This agent counts as a new run from now on: the number must survive a restart.
    record Reincarnated(long incarnation) implements Effect {}
}
