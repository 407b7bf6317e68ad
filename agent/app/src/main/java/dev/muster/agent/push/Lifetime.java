package dev.muster.agent.push;

import dev.muster.agent.scrape.file.PrometheusDuration;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads how long a group lives: `90s`, `1h30m`, a number of seconds; 0 for ever.
final class Lifetime {
    private static final long LIMIT_SECONDS = Duration.ofDays(10 * 366).toSeconds();

    private Lifetime() {}

    /// @param text empty for none
    static OptionalLong parse(String text) throws PushException {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (text.matches("[0-9]{1,12}")) {
            return checked(Duration.ofSeconds(Long.parseLong(text)), text);
        }
        Optional<Duration> duration = PrometheusDuration.parse(text);
        if (duration.isEmpty()) {
            throw refuse(text);
        }
        return checked(duration.get(), text);
    }

    private static OptionalLong checked(Duration duration, String text) throws PushException {
        if (duration.isNegative() || duration.toSeconds() > LIMIT_SECONDS) {
            throw refuse(text);
        }
        return OptionalLong.of(duration.toMillis());
    }

    private static PushException refuse(String text) {
        return new PushException(
                PushFault.TTL,
                "lifetime must be a duration such as 90s or 1h30m, or a number of seconds, and at"
                        + " most 10 years: found="
                        + (text.length() > 40 ? text.substring(0, 40) + "…" : text));
    }
}
