package dev.muster.query.forward;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How samples are sent to agents.
///
/// @param copies how many agents hold what rules record
/// @param queueBytes most bytes that wait to be acknowledged
/// @param timeout longest time for the answer of an agent
/// @param settle longest time that a rule waits until what it reads has been stored
/// @param tokenFile what agents want to see, if anything
public record ForwardConfig(
        int copies, long queueBytes, Duration timeout, Duration settle, Optional<Path> tokenFile) {
    public ForwardConfig {
        if (copies < 1 || copies > 5) {
            throw new IllegalArgumentException("copies must be 1 to 5: found=" + copies);
        }
        if (queueBytes <= 0 || !timeout.isPositive() || settle.isNegative()) {
            throw new IllegalArgumentException(
                    "forwarding must have a queue and a timeout: queue-size="
                            + queueBytes
                            + ", timeout="
                            + timeout
                            + ", settle="
                            + settle);
        }
    }
}
