package dev.muster.agent.runs;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// When cron starts a job: minute, hour, day of the month, month, day of the week, in a time zone.
///
/// A day matches by either of its two fields where both are restricted. Times are those of Debian's
/// cron where the clock changes for summer: a job of a certain time is started once, right after
/// the hour that is skipped, and the first time of an hour that comes twice; a job whose minute or
/// hour begins with a star is started whenever the clock shows a time of it.
final class CronSchedule implements Schedule {
    private static final Map<String, String> NAMED =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");

    /// A leap day may be eight years away.
    private static final int DAYS_LIMIT = 8 * 366 + 2;

    private final CronField minutes;
    private final CronField hours;
    private final CronField days;
    private final CronField months;
    private final CronField weekdays;
    private final ZoneId zone;

    private CronSchedule(List<CronField> fields, ZoneId zone) {
        minutes = fields.get(0);
        hours = fields.get(1);
        days = fields.get(2);
        months = fields.get(3);
        weekdays = fields.get(4);
        this.zone = zone;
    }

    static CronSchedule parse(String text, ZoneId zone) throws RunException {
        String fields = NAMED.getOrDefault(text.toLowerCase(Locale.ROOT), text);
        String[] parts = fields.split("[ \t]+", -1);
        if (parts.length != CronField.Kind.values().length || text.length() > 400) {
            throw RunException.bad(
                    "schedule must have the five fields of cron, or be @hourly, @daily, @weekly,"
                            + " @monthly, @yearly or @every 90m",
                    text);
        }
        CronField[] read = new CronField[parts.length];
        for (CronField.Kind kind : CronField.Kind.values()) {
            read[kind.ordinal()] = CronField.parse(kind, parts[kind.ordinal()]);
        }
        CronSchedule schedule = new CronSchedule(List.of(read), zone);
        if (schedule.next(Instant.EPOCH).isEmpty()) {
            throw RunException.bad("schedule must have a day that exists", text);
        }
        return schedule;
    }

    @Override
    public boolean madeUpFor() {
        return !minutes.isStar() && !hours.isStar();
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return madeUpFor() ? nextOfCertainTime(after) : nextOfClock(after);
    }

    private boolean matches(LocalDate date) {
        if (!months.has(date.getMonthValue())) {
            return false;
        }
        boolean day = days.has(date.getDayOfMonth());
        boolean weekday = weekdays.has(date.getDayOfWeek().getValue() % 7);
        boolean either = !days.isStar() && !weekdays.isStar();
        return either ? (day || weekday) : (day && weekday);
    }

    /// Walks over what the clock shows.
    private Optional<Instant> nextOfClock(Instant after) {
        ZonedDateTime time = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        Instant end = after.plus(Duration.ofDays(DAYS_LIMIT));
        while (time.toInstant().isBefore(end)) {
            if (!matches(time.toLocalDate())) {
                time = time.toLocalDate().plusDays(1).atStartOfDay(zone);
            } else if (!hours.has(time.getHour())) {
                // in instants: an hour that comes twice is seen twice
                time = time.plusMinutes(60L - time.getMinute());
            } else if (!minutes.has(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return Optional.of(time.toInstant());
            }
        }
        return Optional.empty();
    }

    /// Walks over days, and over the times of each.
    private Optional<Instant> nextOfCertainTime(Instant after) {
        LocalDate date = after.atZone(zone).toLocalDate();
        for (int i = 0; i < DAYS_LIMIT; i++, date = date.plusDays(1)) {
            if (matches(date)) {
                Optional<Instant> found = nextOf(date, after);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> nextOf(LocalDate date, Instant after) {
        for (int hour = 0; hour < 24; hour++) {
            for (int minute = 0; hours.has(hour) && minute < 60; minute++) {
                if (minutes.has(minute)) {
                    Instant time = instant(date.atTime(hour, minute));
                    if (time.isAfter(after)) {
                        return Optional.of(time);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Instant instant(LocalDateTime local) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = zone.getRules().getTransition(local);
            return gap.getInstant();
        }
        return local.toInstant(offsets.getFirst());
    }
}
