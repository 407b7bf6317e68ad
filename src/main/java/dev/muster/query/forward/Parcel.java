package dev.muster.query.forward;

import dev.muster.query.source.AgentPlace;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Samples of one origin as the body of a request, until enough agents have them. Owns the body.
final class Parcel {
    /// Headers beside those of each request.
    final Map<String, String> headers;

    final String path;
    final String origin;
    final byte[] body;
    final int samples;

    /// Completed when the first agent has it, or none ever will.
    final CompletableFuture<Reply> first = new CompletableFuture<>();

    private final AtomicInteger copiesLeft;

    /// Agents that have a copy, or are being sent one.
    private final Set<URI> claimed = ConcurrentHashMap.newKeySet();

    /// @param origin decides which agents it goes to
    /// @param body owned by the parcel
    Parcel(
            String path,
            String origin,
            Map<String, String> headers,
            byte[] body,
            int samples,
            int copies) {
        this.path = path;
        this.origin = origin;
        this.headers = Map.copyOf(headers);
        this.body = body;
        this.samples = samples;
        copiesLeft = new AtomicInteger(copies);
    }

    /// Is the agent free for a copy? Then it is this copy's, until it is released.
    boolean claim(AgentPlace agent) {
        return claimed.add(agent.url());
    }

    /// The agent has not taken it.
    void release(AgentPlace agent) {
        claimed.remove(agent.url());
    }

    /// A copy is where it should be, or will never be.
    ///
    /// @return whether that was the last one
    boolean settled(Reply reply) {
        first.complete(reply);
        return copiesLeft.decrementAndGet() == 0;
    }
}
