package dev.muster.query.source;

import java.time.Duration;

/// What questions to agents may take.
///
/// @param timeout for the whole answer of one agent
/// @param answerLimitBytes most bytes of the answer of one agent
/// @param maxRequests most agents that are asked at one time, by all queries together
/// @param maxFallbacks most agents whose part of a query is evaluated here at one time, because
///   they do not answer it
public record AgentsConfig(
        Duration timeout, long answerLimitBytes, int maxRequests, int maxFallbacks) {
    public AgentsConfig {
        requirePositive("agent-timeout", timeout.toMillis());
        requirePositive("agent-answer-limit", answerLimitBytes);
        requirePositive("max-agent-requests", maxRequests);
        requirePositive("max-part-fallbacks", maxFallbacks);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("limit must be positive: " + name + "=" + value);
        }
    }
}
