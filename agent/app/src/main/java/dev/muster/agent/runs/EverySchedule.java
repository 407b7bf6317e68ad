package dev.muster.agent.runs;

import dev.muster.agent.scrape.file.PrometheusDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A job that should start a while after it started last.
///
/// @param period from a start to the next; at least a second
record EverySchedule(Duration period) implements Schedule {
    static EverySchedule parse(String text) throws RunException {
        String period = text.substring("@every".length()).strip();
        Optional<Duration> parsed = PrometheusDuration.parse(period);
        if (parsed.isEmpty() || parsed.get().toSeconds() < 1) {
            throw RunException.bad("@every must be followed by a duration such as 90m", text);
        }
        return new EverySchedule(parsed.get());
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return Optional.of(after.plus(period));
    }

    @Override
    public boolean madeUpFor() {
        return false;
    }
}
