package dev.muster.agent.why;

/// Asks an address of this host for metrics. Blocks for a bounded time.
@FunctionalInterface
public interface Probe {
    /// @param host a loopback address, or `localhost`
    ProbeResult ask(String host, int port);
}
