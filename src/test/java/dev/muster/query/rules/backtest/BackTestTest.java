package dev.muster.query.rules.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.Steps;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.query.rules.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BackTestTest {
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 86_400_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// End of the last day.
    private static final long NOW_MS = 1_767_225_600_000L;

    private final MemorySource memory = new MemorySource();
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);
    private int daysOfTime = Integer.MAX_VALUE;

    private final class Queries implements RangeQueries {
        @Override
        public MatrixValue answer(String expr, Steps steps) throws QueryException, IOException {
            return (MatrixValue) engine.range(memory, expr, steps, QueryOptions.DEFAULT).value();
        }

        @Override
        public boolean hasTime() {
            return daysOfTime-- > 0;
        }
    }

    private static Rule.Alerting rule(String expr, Duration hold, Duration keep) {
        return new Rule.Alerting("A", expr, hold, keep, new TreeMap<>(), new TreeMap<>());
    }

    /// Values of a series, each minute from so many minutes before the end.
    private void series(Labels labels, int beforeMinutes, double... values) {
        for (int i = 0; i < values.length; i++) {
            memory.add(labels, NOW_MS - (beforeMinutes - i) * MINUTE_MS, values[i]);
        }
    }

    private BackTestReport run(Rule.Alerting rule, int days) throws QueryException, IOException {
        return BackTest.run(new Queries(), rule, MINUTE, days, NOW_MS);
    }

    @Test
    void countsWhatWouldHaveFired() throws QueryException, IOException {
        Labels labels = Labels.of("__name__", "errors", "host", "h1");
        // two days ago: once for two minutes, which is too short, and once for four
        series(labels, 2_000, 0, 5, 5, 0, 0, 5, 5, 5, 5, 0);
        // today: once while the host is down
        series(labels, 100, 5, 5, 5, 5, 5, 0);
        Labels up = Labels.of("__name__", "muster_host_up", "host", "h1", "cell", "c");
        series(up, 100, 0, 0, 0, 0, 1);
        BackTestReport report = run(rule("errors > 1", Duration.ofMinutes(2), Duration.ZERO), 3);
        assertThat(report.firings())
                .containsExactly(
                        new Firing(
                                Labels.of("host", "h1"),
                                NOW_MS - 1_993 * MINUTE_MS,
                                NOW_MS - 1_992 * MINUTE_MS),
                        new Firing(
                                Labels.of("host", "h1"),
                                NOW_MS - 98 * MINUTE_MS,
                                NOW_MS - 96 * MINUTE_MS));
        assertThat(report.duringOutages()).isEqualTo(1);
        assertThat(report.summary())
                .isEqualTo(
                        "would have fired 2 times in 3 days, 1 of them during known outages; on 1"
                                + " day it matched no series");
        assertThat(report.isDoubtful()).isFalse();
    }

    @Test
    void keepsFiringAsTheRuleDoes() throws QueryException, IOException {
        series(Labels.of("__name__", "errors"), 100, 5, 0, 5, 0, 0, 0, 5, 0);
        Rule.Alerting rule = rule("errors > 1", Duration.ZERO, Duration.ofMinutes(3));
        assertThat(run(rule, 1).firings()).hasSize(2);
        assertThat(run(rule("errors > 1", Duration.ZERO, Duration.ZERO), 1).firings()).hasSize(3);
    }

    @Test
    void seesWhatHasJustBegun() throws QueryException, IOException {
        series(Labels.of("__name__", "errors"), 2, 5, 5, 5);
        assertThat(run(rule("errors > 1", Duration.ZERO, Duration.ZERO), 1).summary())
                .isEqualTo("would have fired 1 time in 1 day");
    }

    @Test
    void saysWhatCanNeverFire() throws QueryException, IOException {
        BackTestReport report = run(rule("vector(1) > 2", Duration.ZERO, Duration.ZERO), 30);
        assertThat(report.summary())
                .isEqualTo("can never fire: comparison is never true: vector(1) > 2");
        BackTestReport typo = run(rule("eror > 2", Duration.ZERO, Duration.ZERO), 2);
        assertThat(typo.summary())
                .isEqualTo(
                        "would have fired 0 times in 2 days; eror matched no series" + " at all");
        assertThat(typo.isDoubtful()).isTrue();
    }

    @Test
    void looksAtTheLastDaysFirstWhereTimeIsShort() throws QueryException, IOException {
        series(Labels.of("__name__", "errors"), 100, 5);
        daysOfTime = 2;
        BackTestReport report = run(rule("errors > 1", Duration.ZERO, Duration.ZERO), 30);
        assertThat(report.days()).isEqualTo(2);
        assertThat(report.complete()).isFalse();
        assertThat(report.firings()).hasSize(1);
        assertThat(report.fromMs()).isEqualTo(NOW_MS - 2 * DAY_MS + MINUTE_MS);
        assertThat(report.summary()).endsWith("not all could be looked at");
    }

    @Test
    void findsRulesThatHaveLostTheirSeries() throws QueryException, IOException {
        series(Labels.of("__name__", "gone"), 600, 1, 1, 1);
        series(Labels.of("__name__", "there"), 2, 1, 1);
        RuleHealth health = new RuleHealth(new Queries(), NOW_MS, Duration.ofDays(1));
        RuleHealth.Finding finding =
                health.of(rule("gone > 0 or there > 0 or never > 0", Duration.ZERO, Duration.ZERO));
        assertThat(finding.unmatched()).containsExactly("never");
        assertThat(finding.lost()).containsOnlyKeys("gone");
        assertThat(finding.lost().get("gone"))
                .isBetween(NOW_MS - 600 * MINUTE_MS, NOW_MS - 590 * MINUTE_MS);
        assertThat(health.of(rule("there > 0", Duration.ZERO, Duration.ZERO)).isFine()).isTrue();
        assertThat(health.isComplete()).isTrue();
    }
}
