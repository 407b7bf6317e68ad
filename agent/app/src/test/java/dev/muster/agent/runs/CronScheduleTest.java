package dev.muster.agent.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    */15 * * * *        | 2026-01-01T00:00:00Z | 2026-01-01T00:15:00Z
                    */15 * * * *        | 2026-01-01T00:14:59Z | 2026-01-01T00:15:00Z
                    5 4 * * *           | 2026-01-01T03:05:00Z | 2026-01-02T03:05:00Z
                    0 0 1 1 *           | 2026-06-01T00:00:00Z | 2026-12-31T23:00:00Z
                    0 12 * * mon-fri    | 2026-01-02T12:00:00Z | 2026-01-05T11:00:00Z
                    0 12 * * 7          | 2026-01-02T12:00:00Z | 2026-01-04T11:00:00Z
                    0 12 13 * fri       | 2026-02-01T12:00:00Z | 2026-02-06T11:00:00Z
                    0 12 29 2 *         | 2026-02-01T12:00:00Z | 2028-02-29T11:00:00Z
                    0 0-23/6,13 * jan * | 2026-01-01T11:30:00Z | 2026-01-01T12:00:00Z
                    10/20 * * * *       | 2026-01-01T00:31:00Z | 2026-01-01T00:50:00Z
                    @hourly             | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z
                    @weekly             | 2026-01-01T00:00:00Z | 2026-01-03T23:00:00Z
                    @every 90m          | 2026-01-01T00:00:00Z | 2026-01-01T01:30:00Z
                    30 2 * * *          | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z
                    30 2 * * *          | 2026-03-29T01:00:00Z | 2026-03-30T00:30:00Z
                    30 1,2 * * *        | 2026-03-29T00:30:00Z | 2026-03-29T01:00:00Z
                    */30 2 * * *        | 2026-03-28T12:00:00Z | 2026-03-30T00:00:00Z
                    30 * * * *          | 2026-03-29T00:30:00Z | 2026-03-29T01:30:00Z
                    30 2 * * *          | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z
                    30 2 * * *          | 2026-10-25T00:30:00Z | 2026-10-26T01:30:00Z
                    */30 2 * * *        | 2026-10-25T00:30:00Z | 2026-10-25T01:00:00Z
                    30 * * * *          | 2026-10-25T00:30:00Z | 2026-10-25T01:30:00Z
                    """)
    void knowsTheNextTime(String schedule, Instant after, Instant next) throws RunException {
        assertThat(Schedule.parse(schedule, ZURICH).next(after)).contains(next);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    * * * *           | schedule must have the five fields of cron
                    60 * * * *        | cron field must be from 0 to 59
                    * * 0 * *         | cron field must be from 1 to 31
                    * * * * fry       | cron field must be numbers, names, ranges or steps
                    5-1 * * * *       | cron field must have ranges that ascend by steps
                    */0 * * * *       | cron field must have ranges that ascend by steps
                    1,,2 * * * *      | cron field must be numbers
                    0 0 30 2 *        | schedule must have a day that exists
                    @reboot           | schedule must have the five fields of cron
                    @every soon       | @every must be followed by a duration
                    """)
    void refusesOthers(String schedule, String message) {
        assertThatThrownBy(() -> Schedule.parse(schedule, ZURICH)).hasMessageContaining(message);
    }

    /// The next time is the first minute whose clock shows a time of it, across all changes of it.
    @Test
    void agreesWithALookAtEveryMinute() throws RunException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (ZoneId zone :
                List.of(ZURICH, ZoneId.of("America/St_Johns"), ZoneId.of("Australia/Lord_Howe"))) {
            for (int i = 0; i < 40; i++) {
                String text = "*/%d %s * * *".formatted(1 + random.nextInt(59), hour(random));
                Instant after =
                        Instant.parse("2026-01-01T00:00:00Z")
                                .plus(random.nextInt(366 * 24 * 60), ChronoUnit.MINUTES);
                Instant next = Schedule.parse(text, zone).next(after).orElseThrow();
                assertThat(next)
                        .as("seed=%s zone=%s schedule=%s after=%s", seed, zone, text, after)
                        .isEqualTo(slowly(text, zone, after).orElseThrow());
            }
        }
    }

    private static String hour(Random random) {
        return random.nextBoolean() ? "*" : Integer.toString(random.nextInt(24));
    }

    private static Optional<Instant> slowly(String text, ZoneId zone, Instant after) {
        String[] fields = text.split(" ", -1);
        int step = Integer.parseInt(fields[0].substring(2));
        Instant time = after.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        for (int i = 0; i < 3 * 24 * 60; i++, time = time.plus(1, ChronoUnit.MINUTES)) {
            ZonedDateTime clock = time.atZone(zone);
            if (clock.getMinute() % step == 0
                    && (fields[1].equals("*") || Integer.parseInt(fields[1]) == clock.getHour())) {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }
}
