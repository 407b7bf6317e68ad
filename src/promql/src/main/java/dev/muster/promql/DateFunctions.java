package dev.muster.promql;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The functions of a Unix time in seconds; all in UTC.
final class DateFunctions {
    private DateFunctions() {}

    /// The function; null if it is not one of a time.
    static @Nullable DoubleUnaryOperator of(Function function) {
        return switch (function) {
            case MINUTE -> date(OffsetDateTime::getMinute);
            case HOUR -> date(OffsetDateTime::getHour);
            case DAY_OF_WEEK -> date(time -> time.getDayOfWeek().getValue() % 7);
            case DAY_OF_MONTH -> date(OffsetDateTime::getDayOfMonth);
            case DAY_OF_YEAR -> date(OffsetDateTime::getDayOfYear);
            case DAYS_IN_MONTH -> date(time -> time.toLocalDate().lengthOfMonth());
            case MONTH -> date(OffsetDateTime::getMonthValue);
            case YEAR -> date(OffsetDateTime::getYear);
            default -> null;
        };
    }

    private static DoubleUnaryOperator date(ToIntFunction<OffsetDateTime> field) {
        return seconds -> {
            long whole =
                    Math.clamp(
                            (long) seconds,
                            Instant.MIN.getEpochSecond(),
                            Instant.MAX.getEpochSecond());
            return field.applyAsInt(Instant.ofEpochSecond(whole).atOffset(ZoneOffset.UTC));
        };
    }
}
