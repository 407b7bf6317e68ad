package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import org.junit.jupiter.api.Test;

class TextLimitsTest {
    private final TextLimits limits = new TextLimits(100, 3, 50, 10);

    @Test
    void length() {
        assertThat(limits.length("a".repeat(100))).isEmpty();
        assertThat(limits.length("a".repeat(101)).orElseThrow())
                .isEqualTo(
                        new TextLimits.Passed(
                                "query-length",
                                "query must not be longer than max-query-length=100: found=101"));
    }

    @Test
    void matchers() throws QueryException {
        assertThat(limits.selectors(PromQl.parse("a{b='1'} + c"))).isEmpty();
        assertThat(limits.selectors(PromQl.parse("a{b='1'} + rate(c{d='2'}[1m])")))
                .hasValueSatisfying(passed -> assertThat(passed.limit()).isEqualTo("matchers"));
    }

    @Test
    void regularExpressions() throws QueryException {
        assertThat(limits.selectors(PromQl.parse("a{b=~'x.*y{20}'}"))).isEmpty();
        assertThat(limits.selectors(PromQl.parse("a{b!~'(x{10}){10}'}")))
                .hasValueSatisfying(passed -> assertThat(passed.limit()).isEqualTo("regex-size"));
        // A choice of literals has no program.
        assertThat(limits.selectors(PromQl.parse("a{b=~'" + "x|".repeat(1_000) + "y'}"))).isEmpty();
    }

    @Test
    void points() {
        assertThat(limits.result(10)).isEmpty();
        assertThat(limits.result(11)).isPresent();
    }
}
