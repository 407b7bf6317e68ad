package dev.muster.agent.fleet;

import java.util.Optional;
import java.util.function.Consumer;

/// Calls to other agents by HTTP. Thread-safe.
public interface PeerCalls {
    /// Sends a request and returns at once.
    ///
    /// @param url of the agent
    /// @param path at that agent
    /// @param body of a POST; absent for a GET
    /// @param seal proves that this agent knows the fleet's secret, if it does
    /// @param then gets the answer, on some thread; empty if there was none in time
    void call(
            String url,
            String path,
            Optional<byte[]> body,
            Optional<String> seal,
            Consumer<Optional<PeerAnswer>> then);
}
