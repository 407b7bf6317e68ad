package dev.muster.query.template;

import dev.muster.query.template.TemplateFunction.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A time as templates have it. `toString` is Go's text of it.
public record GoTime(ZonedDateTime time) implements Methods {
    private static final String PLAIN = "2006-01-02 15:04:05.999999999 -0700 MST";

    /// A time in whole milliseconds.
    static GoTime ofSeconds(double seconds) {
        long nanos = (long) (seconds * 1e9);
        return ofMillis(nanos / 1_000_000);
    }

    /// A time, shown in UTC.
    ///
    /// @param millis Unix milliseconds
    public static GoTime ofMillis(long millis) {
        return new GoTime(Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC));
    }

    GoTime in(ZoneId zone) {
        return new GoTime(time.withZoneSameInstant(zone));
    }

    @Override
    public @Nullable Object value() {
        return null;
    }

    @Override
    public String type() {
        return "*time.Time";
    }

    @Override
    public Optional<TemplateFunction> method(String name) {
        return switch (name) {
            case "Format" -> of(Kind.TEXT, layout -> GoLayout.format(String.valueOf(layout), time));
            case "Sub" ->
                    of(
                            Kind.TIME,
                            other ->
                                    other instanceof GoTime(var from)
                                            ? new GoDuration(Duration.between(from, time))
                                            : null);
            case "UTC" -> plain(in(ZoneOffset.UTC));
            case "IsZero" -> plain(time.getYear() == 1);
            case "Year" -> plain((long) time.getYear());
            case "Month" -> plain(time.getMonth().getDisplayName(TextStyle.FULL, Locale.ROOT));
            case "Day" -> plain((long) time.getDayOfMonth());
            case "Hour" -> plain((long) time.getHour());
            case "Minute" -> plain((long) time.getMinute());
            case "Second" -> plain((long) time.getSecond());
            case "Nanosecond" -> plain((long) time.getNano());
            case "YearDay" -> plain((long) time.getDayOfYear());
            case "Weekday" ->
                    plain(time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ROOT));
            case "Unix" -> plain(time.toEpochSecond());
            case "UnixMilli" -> plain(time.toInstant().toEpochMilli());
            case "String" -> plain(toString());
            default -> Optional.empty();
        };
    }

    private static Optional<TemplateFunction> plain(Object value) {
        return Optional.of(TemplateFunction.of(List.of(), _ -> value));
    }

    @FunctionalInterface
    private interface OfOne {
        @Nullable Object apply(@Nullable Object argument);
    }

    private static Optional<TemplateFunction> of(Kind kind, OfOne body) {
        return Optional.of(
                TemplateFunction.of(List.of(kind), arguments -> body.apply(arguments.getFirst())));
    }

    @Override
    public String toString() {
        return GoLayout.format(PLAIN, time);
    }
}
