package dev.muster.agent.scrape.fetch;

import java.util.function.Consumer;

/// Fetches the body of one target, one fetch at a time.
public interface BodySource {
    /// Starts a fetch. Exactly one call of `done` follows, within the target's timeout, on any
    /// thread.
    void fetch(Consumer<FetchResult> done);
}
