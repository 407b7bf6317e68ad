package dev.muster.query.source;

import dev.muster.model.time.TimeRange;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// Says in words for people what an answer lacks because of an agent. Thread-safe.
final class MissingAgent {
    private final InstantSource clock;

    MissingAgent(InstantSource clock) {
        this.clock = clock;
    }

    /// @param lack what may be missing, such as that of [#time]
    String absent(AgentPlace agent, AgentPlace.Absence absence, String lack) {
        return missing(agent, absence.cause() + ", since " + instant(absence.sinceMs()), lack);
    }

    String silent(AgentPlace agent, Exception failure, String lack) {
        return missing(agent, reason(failure), lack);
    }

    private static String missing(AgentPlace agent, String reason, String lack) {
        return "agent "
                + agent.host()
                + " of cell "
                + agent.cell()
                + " is missing ("
                + reason
                + "): "
                + lack;
    }

    private static String reason(Exception failure) {
        return switch (failure) {
            case HttpTimeoutException e -> "did not answer in time";
            case ConnectException e -> "connection refused";
            case SlowAgentException e -> "did not answer in time";
            default ->
                    failure.getMessage() == null
                            ? failure.getClass().getSimpleName()
                            : failure.getMessage();
        };
    }

    /// What of the agent may be missing in which time.
    ///
    /// @param what such as `samples`
    String time(String what, TimeRange gap) {
        long nowMs = clock.millis();
        long endMs = gap.startMs() < nowMs ? Math.min(gap.endMs(), nowMs) : gap.endMs();
        String from = gap.startMs() <= 0 ? "" : " from " + instant(gap.startMs());
        return "its " + what + from + " until " + instant(endMs) + " may be missing";
    }

    private static String instant(long timeMs) {
        return Instant.ofEpochMilli(timeMs).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
