package dev.muster.query.api;

import dev.muster.model.labels.LabelText;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times and durations as parameters of Prometheus' API.
final class Times {
    /// The earliest and the latest time that a call means when it names none.
    static final long MIN_MS = 0;

    static final long MAX_MS = 253_402_300_799_999L;

    private static final double NANOS_PER_SECOND = 1e9;

    /// Times further from 1970 than this are refused: arithmetic on milliseconds stays exact.
    private static final double SECONDS_LIMIT = 9_007_199_254_740.0;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern RFC3339 =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
                            + "(Z|[+-][0-9]{2}:[0-9]{2})");
    private static final Pattern DURATION =
            Pattern.compile(
                    "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?"
                            + "(?:([0-9]+)s)?(?:([0-9]+)ms)?");
    private static final long[] UNIT_MS = {
        31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
    };

    private Times() {}

    /// A time, Unix milliseconds: seconds with a fraction, or RFC 3339.
    ///
    /// @throws IllegalArgumentException with Prometheus' text
    static long timeMs(String text) {
        if (NUMBER.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) <= SECONDS_LIMIT) {
                return millis(seconds);
            }
        } else if (RFC3339.matcher(text).matches()) {
            try {
                return OffsetDateTime.parse(text).toInstant().toEpochMilli();
            } catch (DateTimeException e) {
                throw notATime(text, e);
            }
        }
        throw notATime(text, null);
    }

    /// The fraction is rounded to milliseconds first and then cut, as Prometheus does.
    private static long millis(double seconds) {
        double whole = seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
        double fraction = seconds - whole;
        double rounded =
                Math.signum(fraction) * Math.floor(Math.abs(fraction) * 1_000 + 0.5) / 1_000;
        long nanos = (long) (rounded * NANOS_PER_SECOND);
        return (long) whole * 1_000 + Math.floorDiv(nanos, 1_000_000L);
    }

    private static IllegalArgumentException notATime(
            String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                "cannot parse " + quoted(text) + " to a valid timestamp", cause);
    }

    /// A duration in nanoseconds: seconds with a fraction, or Prometheus' form such as `1h30m`.
    ///
    /// @throws IllegalArgumentException with Prometheus' text
    static long durationNanos(String text) {
        if (NUMBER.matcher(text).matches()) {
            double nanos = Double.parseDouble(text) * NANOS_PER_SECOND;
            if (nanos > Long.MAX_VALUE || nanos < Long.MIN_VALUE) {
                throw new IllegalArgumentException(
                        "cannot parse "
                                + quoted(text)
                                + " to a valid duration. It overflows int64");
            }
            return (long) nanos;
        }
        Matcher matcher = DURATION.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw notADuration(text, null);
        }
        try {
            long millis = 0;
            for (int i = 0; i < UNIT_MS.length; i++) {
                String count = matcher.group(i + 1);
                if (count != null) {
                    millis =
                            Math.addExact(
                                    millis, Math.multiplyExact(Long.parseLong(count), UNIT_MS[i]));
                }
            }
            return Math.multiplyExact(millis, 1_000_000L);
        } catch (ArithmeticException | NumberFormatException e) {
            throw notADuration(text, e);
        }
    }

    private static IllegalArgumentException notADuration(
            String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                "cannot parse " + quoted(text) + " to a valid duration", cause);
    }

    /// The text in quotes as Go's `%q` writes it.
    static String quoted(String text) {
        return LabelText.quoted(text);
    }
}
