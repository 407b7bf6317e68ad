package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.http.Reply;
import dev.muster.query.receivers.text.Cut;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/// Judges answers over HTTP.
final class Verdicts {
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int BODY_CHARS = 200;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private Verdicts() {}

    /// Passes where all is well. What the server is at fault for, or has too much of, may be tried
    /// again; the rest not.
    ///
    /// @param again other codes that may be tried again
    static void check(Reply reply, int... again) throws RefusedException {
        if (reply.isGood()) {
            return;
        }
        int status = reply.status();
        String message = "unexpected status code " + status + body(reply.body());
        boolean later =
                status / 100 == 5
                        || status == TIMEOUT
                        || status == TOO_MANY
                        || Arrays.stream(again).anyMatch(code -> code == status);
        FailureReason reason =
                status / 100 == 5
                        ? FailureReason.SERVER_ERROR
                        : status / 100 == 4 ? FailureReason.CLIENT_ERROR : FailureReason.OTHER;
        throw later
                ? RefusedException.later(reason, message, after(reply))
                : RefusedException.forGood(reason, message);
    }

    private static String body(String body) {
        String line = body.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.isEmpty() ? "" : ": " + Cut.toChars(line, BODY_CHARS);
    }

    /// `Retry-After`: seconds or a date.
    private static Optional<Duration> after(Reply reply) {
        Optional<String> header = reply.headers().firstValue("Retry-After").map(String::strip);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        try {
            return header.get().matches("[0-9]{1,9}")
                    ? seconds(Long.parseLong(header.get()))
                    : seconds(
                            Duration.between(
                                            Instant.now(),
                                            ZonedDateTime.parse(
                                                    header.get(),
                                                    DateTimeFormatter.RFC_1123_DATE_TIME))
                                    .toSeconds());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// A pause that a receiver asks for, within reason.
    static Optional<Duration> seconds(long seconds) {
        return seconds <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_PAUSE.toSeconds())));
    }
}
