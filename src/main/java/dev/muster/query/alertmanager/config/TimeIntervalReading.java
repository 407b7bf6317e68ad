package dev.muster.query.alertmanager.config;

import dev.muster.query.alertmanager.config.TimeInterval.Range;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Reads times of a configuration file.
final class TimeIntervalReading {
    private static final List<String> WEEKDAYS =
            List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");
    private static final List<String> MONTHS =
            List.of(
                    "",
                    "january",
                    "february",
                    "march",
                    "april",
                    "may",
                    "june",
                    "july",
                    "august",
                    "september",
                    "october",
                    "november",
                    "december");

    /// Of every month, so that what can never hold is refused.
    private static final int SHORTEST_MONTH = 28;

    private final YamlMap map;

    private TimeIntervalReading(YamlMap map) {
        this.map = map;
    }

    static TimeInterval of(YamlMap map) throws YamlException {
        TimeIntervalReading reading = new TimeIntervalReading(map);
        TimeInterval interval =
                new TimeInterval(
                        reading.times(),
                        reading.weekdays(),
                        reading.days(),
                        reading.months(),
                        reading.years(),
                        reading.location());
        map.refuseOthers();
        return interval;
    }

    private List<Range> times() throws YamlException {
        List<Range> ranges = new ArrayList<>();
        for (YamlMap each : map.maps("times")) {
            String start = each.text("start_time", "");
            String end = each.text("end_time", "");
            each.refuseOthers();
            if (start.isEmpty() || end.isEmpty()) {
                throw each.error("start_time", "both start and end times must be provided");
            }
            Range range =
                    new Range(minute(each, "start_time", start), minute(each, "end_time", end));
            if (range.begin() >= range.end()) {
                throw each.error(
                        "start_time", "start time cannot be equal or greater than end time");
            }
            ranges.add(range);
        }
        return ranges;
    }

    private static int minute(YamlMap map, String key, String text) throws YamlException {
        if (!text.matches("(([01][0-9]|2[0-3]):[0-5][0-9])|24:00")) {
            throw map.error(key, "couldn't parse timestamp " + text + ", invalid format");
        }
        return 60 * Integer.parseInt(text.substring(0, 2)) + Integer.parseInt(text.substring(3));
    }

    private List<Range> weekdays() throws YamlException {
        return ranges(
                "weekdays",
                text -> index(WEEKDAYS, text),
                range ->
                        range.begin() > range.end()
                                ? Optional.of("start day cannot be before end day")
                                : Optional.empty());
    }

    private List<Range> days() throws YamlException {
        return ranges("days_of_month", TimeIntervalReading::number, TimeIntervalReading::wrongDays);
    }

    private static Optional<String> wrongDays(Range range) {
        for (int day : List.of(range.begin(), range.end())) {
            if (day == 0 || Math.abs(day) > 31) {
                return Optional.of(day + " is not a valid day of the month: out of range");
            }
        }
        if (range.begin() < 0 && range.end() > 0) {
            return Optional.of("end day must be negative if start day is negative");
        }
        int begin = range.begin() < 0 ? SHORTEST_MONTH + range.begin() : range.begin();
        int end = range.end() < 0 ? SHORTEST_MONTH + range.end() : range.end();
        return begin > end
                ? Optional.of(
                        "end day " + range.end() + " is always before start day " + range.begin())
                : Optional.empty();
    }

    private List<Range> months() throws YamlException {
        return ranges(
                "months",
                text -> index(MONTHS, text).or(() -> number(text)),
                range ->
                        range.begin() > range.end()
                                ? Optional.of(
                                        "end month "
                                                + range.end()
                                                + " is before start month "
                                                + range.begin())
                                : Optional.empty());
    }

    private List<Range> years() throws YamlException {
        return ranges(
                "years",
                TimeIntervalReading::number,
                range ->
                        range.begin() > range.end()
                                ? Optional.of(
                                        "end year "
                                                + range.end()
                                                + " is before start year "
                                                + range.begin())
                                : Optional.empty());
    }

    private ZoneId location() throws YamlException {
        String text = map.text("location", "");
        try {
            return text.isEmpty() || text.equals("UTC")
                    ? ZoneOffset.UTC
                    : text.equals("Local") ? ZoneId.systemDefault() : ZoneId.of(text);
        } catch (DateTimeException _) {
            throw map.error("location", "unknown time zone " + text);
        }
    }

    private List<Range> ranges(
            String key,
            Function<String, Optional<Integer>> member,
            Function<Range, Optional<String>> wrong)
            throws YamlException {
        List<Range> ranges = new ArrayList<>();
        for (String text : map.texts(key)) {
            String[] parts = text.toLowerCase(Locale.ROOT).split(":", -1);
            Optional<Integer> begin = member.apply(parts[0]);
            Optional<Integer> end = member.apply(parts[parts.length - 1]);
            if (parts.length > 2 || begin.isEmpty() || end.isEmpty()) {
                throw map.error(key, "couldn't parse range " + text + ", invalid format");
            }
            Range range = new Range(begin.get(), end.get());
            Optional<String> fault = wrong.apply(range);
            if (fault.isPresent()) {
                throw map.error(key, fault.get());
            }
            ranges.add(range);
        }
        return ranges;
    }

    private static Optional<Integer> index(List<String> names, String text) {
        int index = text.isEmpty() ? -1 : names.indexOf(text);
        return index < 0 ? Optional.empty() : Optional.of(index);
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[-+]?[0-9]{1,9}")
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }
}
