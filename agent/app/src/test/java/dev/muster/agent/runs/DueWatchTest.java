package dev.muster.agent.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DueWatchTest {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
    private static final Duration GRACE = Duration.ofMinutes(5);

    private long nowMs;
    private long nanos = 77;
    private DueWatch watch;

    @BeforeEach
    void at() throws RunException {
        begin("30 2 * * *", "2026-06-01T00:00:00Z");
    }

    private void begin(String schedule, String now) throws RunException {
        nowMs = Instant.parse(now).toEpochMilli();
        Schedule read = Schedule.parse(schedule, ZURICH);
        watch = new DueWatch(read, GRACE, DueWatch.nextMs(read, nowMs));
        look();
    }

    private boolean look() {
        return watch.look(nowMs, nanos);
    }

    /// Lets time pass second by second up to a moment of the wall clock.
    private boolean until(String time) {
        long endMs = Instant.parse(time).toEpochMilli();
        boolean overdue = look();
        while (nowMs < endMs) {
            nowMs += 1_000;
            nanos += 1_000_000_000;
            overdue = look();
        }
        return overdue;
    }

    private void step(Duration by) {
        nowMs += by.toMillis();
    }

    private String due() {
        return Instant.ofEpochMilli(watch.dueMs()).toString();
    }

    @Test
    void isOverdueWhenItsGraceIsOver() {
        assertThat(due()).isEqualTo("2026-06-01T00:30:00Z");
        assertThat(until("2026-06-01T00:35:00Z")).isFalse();
        assertThat(until("2026-06-01T00:35:01Z")).isTrue();
        watch.started(nowMs);
        assertThat(look()).isFalse();
        assertThat(due()).isEqualTo("2026-06-02T00:30:00Z");
    }

    @Test
    void aStartIsCountedForTheTimeItIsDue() {
        assertThat(until("2026-06-01T00:10:00Z")).isFalse();
        watch.started(nowMs);
        assertThat(due()).as("an extra run").isEqualTo("2026-06-01T00:30:00Z");
        until("2026-06-01T00:29:59Z");
        watch.started(nowMs);
        assertThat(due()).as("a clock a little ahead").isEqualTo("2026-06-02T00:30:00Z");
    }

    @Test
    void isDueOnceWhereTheClockChanges() throws RunException {
        begin("30 2 * * *", "2026-03-28T23:00:00Z");
        assertThat(due()).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(until("2026-03-29T01:05:01Z")).isTrue();
        watch.started(nowMs);
        assertThat(due()).isEqualTo("2026-03-30T00:30:00Z");
        begin("30 2 * * *", "2026-10-24T23:00:00Z");
        assertThat(due()).isEqualTo("2026-10-25T00:30:00Z");
        until("2026-10-25T00:30:01Z");
        watch.started(nowMs);
        assertThat(due()).isEqualTo("2026-10-26T01:30:00Z");
    }

    @Test
    void hasItsGraceFromAStepThatSkippedItsTime() {
        until("2026-06-01T00:20:00Z");
        step(Duration.ofHours(2));
        assertThat(look()).isFalse();
        assertThat(until("2026-06-01T02:24:59Z")).isFalse();
        assertThat(until("2026-06-01T02:25:01Z")).isTrue();
    }

    @Test
    void aTimeThatTheClockSkippedIsLeftOutWhereCronLeavesItOut() throws RunException {
        begin("*/20 * * * *", "2026-06-01T00:01:00Z");
        step(Duration.ofMinutes(50));
        assertThat(look()).isFalse();
        assertThat(due()).isEqualTo("2026-06-01T01:00:00Z");
    }

    @Test
    void isNotDueAgainAfterAStepBack() {
        until("2026-06-01T00:30:01Z");
        watch.started(nowMs);
        step(Duration.ofMinutes(-60));
        assertThat(until("2026-06-01T00:50:00Z")).isFalse();
        assertThat(due()).isEqualTo("2026-06-02T00:30:00Z");
    }

    @Test
    void graceGoesOnOverAStepBack() {
        assertThat(until("2026-06-01T00:32:00Z")).isFalse();
        step(Duration.ofMinutes(-30));
        assertThat(until("2026-06-01T00:04:59Z")).isFalse();
        assertThat(until("2026-06-01T00:05:02Z")).isTrue();
    }

    @Test
    void aWrongClockThatIsCorrectedMakesNothingOverdue() {
        step(Duration.ofDays(400));
        assertThat(look()).isFalse();
        assertThat(due()).startsWith("2027-07-0");
        step(Duration.ofDays(-400));
        assertThat(look()).isFalse();
        assertThat(due()).isEqualTo("2026-06-01T00:30:00Z");
    }

    @Test
    void whatWasDueWhileNobodyLookedIsOverdueAtOnce() throws RunException {
        Schedule read = Schedule.parse("30 2 * * *", ZURICH);
        DueWatch again = new DueWatch(read, GRACE, nowMs);
        assertThat(again.look(nowMs + GRACE.toMillis(), nanos)).isFalse();
        again = new DueWatch(read, GRACE, nowMs);
        assertThat(again.look(nowMs + GRACE.toMillis() + 1, nanos)).isTrue();
    }

    @Test
    void everyPeriodCountsFromTheLastStart() throws RunException {
        begin("@every 1h", "2026-06-01T00:00:00Z");
        assertThat(until("2026-06-01T00:40:00Z")).isFalse();
        watch.started(nowMs);
        assertThat(due()).isEqualTo("2026-06-01T01:40:00Z");
        assertThat(until("2026-06-01T01:45:01Z")).isTrue();
    }
}
