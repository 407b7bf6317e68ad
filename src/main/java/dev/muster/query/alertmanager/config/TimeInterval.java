package dev.muster.query.alertmanager.config;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/// Times at which something holds: every field that says anything must say so; one that is empty
/// says nothing. All ranges but those of times include their ends.
///
/// @param times minutes of the day, the end not included
/// @param weekdays 0 is Sunday
/// @param daysOfMonth 1 to 31, or -1, the last, to -31
/// @param months 1 to 12
/// @param years of the calendar
/// @param location where these times are those of the clock
public record TimeInterval(
        List<Range> times,
        List<Range> weekdays,
        List<Range> daysOfMonth,
        List<Range> months,
        List<Range> years,
        ZoneId location) {
    /// From one number to another.
    ///
    /// @param begin the first
    /// @param end the last, or the first that is not in it
    public record Range(int begin, int end) {
        boolean holds(int value) {
            return value >= begin && value <= end;
        }
    }

    public TimeInterval {
        times = List.copyOf(times);
        weekdays = List.copyOf(weekdays);
        daysOfMonth = List.copyOf(daysOfMonth);
        months = List.copyOf(months);
        years = List.copyOf(years);
    }

    /// Does it hold at this time?
    public boolean contains(Instant time) {
        ZonedDateTime at = time.atZone(location);
        int minute = at.getHour() * 60 + at.getMinute();
        int length = at.toLocalDate().lengthOfMonth();
        int day = at.getDayOfMonth();
        return (times.isEmpty()
                        || times.stream()
                                .anyMatch(range -> minute >= range.begin && minute < range.end))
                && (daysOfMonth.isEmpty()
                        || daysOfMonth.stream().anyMatch(range -> holdsDay(range, day, length)))
                && any(months, at.getMonthValue())
                && any(weekdays, at.getDayOfWeek().getValue() % 7)
                && any(years, at.getYear());
    }

    private static boolean any(List<Range> ranges, int value) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.holds(value));
    }

    private static boolean holdsDay(Range range, int day, int length) {
        int begin = range.begin < 0 ? length + range.begin + 1 : range.begin;
        int end = range.end < 0 ? length + range.end + 1 : range.end;
        return begin <= length && day >= begin && day <= Math.min(end, length);
    }
}
