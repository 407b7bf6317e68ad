package dev.muster.promql;

import java.time.LocalDate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The functions of a Unix time in seconds; all in UTC.
final class DateFunctions {
    private static final long DAY_SECONDS = 86_400;

    /// The calendar repeats itself after so many days, which are 400 years.
    private static final long CYCLE_DAYS = 146_097;

    /// Seconds from the first of January of the year -292,277,022,399 to 1970. Go counts time from
    /// there, without a sign, which is what makes a date of numbers that are none.
    private static final long EPOCH_SECONDS = 9_223_372_028_715_321_600L;

    private DateFunctions() {}

    /// The function; null if it is not one of a time.
    static @Nullable DoubleUnaryOperator of(Function function) {
        return switch (function) {
            case MINUTE -> time(second -> second / 60 % 60);
            case HOUR -> time(second -> second / 3_600);
            case DAY_OF_WEEK -> day(day -> Math.floorMod(day + 4, 7L));
            case DAY_OF_MONTH -> date(LocalDate::getDayOfMonth);
            case DAY_OF_YEAR -> date(LocalDate::getDayOfYear);
            case DAYS_IN_MONTH -> date(LocalDate::lengthOfMonth);
            case MONTH -> date(LocalDate::getMonthValue);
            case YEAR -> day(day -> inCycle(day).getYear() + 400 * Math.floorDiv(day, CYCLE_DAYS));
            default -> null;
        };
    }

    private static DoubleUnaryOperator time(LongUnaryOperator ofSecondOfDay) {
        return seconds ->
                ofSecondOfDay.applyAsLong(Long.remainderUnsigned(sinceStart(seconds), DAY_SECONDS));
    }

    private static DoubleUnaryOperator day(LongUnaryOperator ofEpochDay) {
        return seconds ->
                ofEpochDay.applyAsLong(
                        Long.divideUnsigned(sinceStart(seconds), DAY_SECONDS)
                                - EPOCH_SECONDS / DAY_SECONDS);
    }

    private static DoubleUnaryOperator date(ToLongFunction<LocalDate> field) {
        return day(day -> field.applyAsLong(inCycle(day)));
    }

    /// The same day of the calendar in the 400 years from 1970 on.
    private static LocalDate inCycle(long epochDay) {
        return LocalDate.ofEpochDay(Math.floorMod(epochDay, CYCLE_DAYS));
    }

    /// An unsigned number. What no `long` can hold, NaN too, counts as the least one, as amd64
    /// converts it.
    private static long sinceStart(double seconds) {
        boolean fits = seconds >= -0x1p63 && seconds < 0x1p63;
        return (fits ? (long) seconds : Long.MIN_VALUE) + EPOCH_SECONDS;
    }
}
