package dev.muster.query.template;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Optional;

/// A time as the function `toTime` answers it. `toString` is Go's text of it.
record GoTime(OffsetDateTime time) {
    /// A time in whole milliseconds.
    static GoTime ofSeconds(double seconds) {
        long nanos = (long) (seconds * 1e9);
        return new GoTime(Instant.ofEpochMilli(nanos / 1_000_000).atOffset(ZoneOffset.UTC));
    }

    /// The value of a method without arguments that Go's type has, as far as it is carried here.
    Optional<Object> call(String method) {
        return switch (method) {
            case "Year" -> Optional.of((long) time.getYear());
            case "Month" ->
                    Optional.of(time.getMonth().getDisplayName(TextStyle.FULL, Locale.ROOT));
            case "Day" -> Optional.of((long) time.getDayOfMonth());
            case "Hour" -> Optional.of((long) time.getHour());
            case "Minute" -> Optional.of((long) time.getMinute());
            case "Second" -> Optional.of((long) time.getSecond());
            case "Nanosecond" -> Optional.of((long) time.getNano());
            case "YearDay" -> Optional.of((long) time.getDayOfYear());
            case "Weekday" ->
                    Optional.of(time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ROOT));
            case "Unix" -> Optional.of(time.toEpochSecond());
            case "UnixMilli" -> Optional.of(time.toInstant().toEpochMilli());
            case "String" -> Optional.of(toString());
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        String fraction =
                time.getNano() == 0
                        ? ""
                        : ("." + String.format(Locale.ROOT, "%09d", time.getNano()))
                                .replaceFirst("0+$", "");
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).format(time)
                + fraction
                + " +0000 UTC";
    }
}
