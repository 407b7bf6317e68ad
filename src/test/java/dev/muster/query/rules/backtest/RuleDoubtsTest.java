package dev.muster.query.rules.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleDoubtsTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "vector(1) > 2 => comparison is never true: vector(1) > 2",
                "sum(up) > 1 and vector(1 + 1) < -1 => comparison is never true",
                "up{job=\"a\",job=\"b\"} == 0 => matchers contradict each other: job=\"a\" and"
                        + " job=\"b\"",
                "rate(x{a=\"1\",a!~\"1|2\"}[5m]) > 0 => matchers contradict each other",
                "sum by (job) (x{a=\"1\",a!=\"1\"}) => matchers contradict",
                "x > 5 and x < 3 => both comparisons are never true at once",
                "x >= 5 and x < 5 => both comparisons are never true at once",
                "x == 5 and (x > 7) => both comparisons are never true at once",
                "up unless up => both sides are the same",
            })
    void findsWhatIsNeverThere(String expr, String reason) throws QueryException {
        assertThat(RuleDoubts.of(PromQl.parse(expr))).singleElement().asString().contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up == 0",
                "vector(1) > 0",
                "vector(1) > bool 2",
                "absent(up{a=\"1\",a=\"2\"})",
                "x > 5 and x < 7",
                "x >= 5 and x <= 5",
                "x > 5 and y < 3",
                "up{a=\"1\",a=\"2\"} or up",
                "up{a=\"1\",a=~\"1|2\"}",
                "up unless up == 0",
            })
    void isQuietWhereItIsNotSure(String expr) throws QueryException {
        assertThat(RuleDoubts.of(PromQl.parse(expr))).isEmpty();
    }
}
