package dev.muster.query.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameMatcherTest {
    private static final String NAME = "http_requests_total";

    @Test
    void everyNameFitsNoTerm() {
        assertThat(matcher(1, NameMatcher.Algorithm.SUBSEQUENCE).score(NAME)).isEqualTo(1);
        assertThat(matcher(1, NameMatcher.Algorithm.SUBSEQUENCE, "").score(NAME)).isEqualTo(1);
    }

    @Test
    void aNameThatContainsATermFits() {
        NameMatcher matcher = matcher(1, NameMatcher.Algorithm.SUBSEQUENCE, "requests");
        double inside = matcher.score(NAME);
        assertThat(inside).isBetween(0.7, 1.0);
        assertThat(matcher.score("requests")).isEqualTo(1);
        assertThat(matcher.score("requests_in_flight")).isGreaterThan(inside);
        assertThat(matcher.score("up")).isNegative();
        assertThat(matcher.score("Requests")).isNegative();
    }

    @Test
    void theBestOfSeveralTermsCounts() {
        NameMatcher matcher = matcher(1, NameMatcher.Algorithm.SUBSEQUENCE, "nix", NAME);
        assertThat(matcher.score(NAME)).isEqualTo(1);
    }

    @Test
    void caseNeedNotCount() {
        NameMatcher matcher =
                new NameMatcher(List.of("HTTP"), 1, NameMatcher.Algorithm.SUBSEQUENCE, false);
        assertThat(matcher.score(NAME)).isPositive();
    }

    @Test
    void charactersInOrderFitWhereTheyAreCloseEnough() {
        assertThat(NameMatcher.subsequence(NAME, "hrt")).isPositive();
        assertThat(NameMatcher.subsequence(NAME, "trh")).isZero();
        assertThat(NameMatcher.subsequence("abc", "ac")).isEqualTo(0.7 * 2 / 3);
        assertThat(matcher(0.5, NameMatcher.Algorithm.SUBSEQUENCE, "hrt").score(NAME)).isNegative();
        assertThat(matcher(0.05, NameMatcher.Algorithm.SUBSEQUENCE, "hrt").score(NAME))
                .isPositive();
    }

    /// Examples of Winkler's paper.
    @Test
    void similarNamesFitByJaroAndWinkler() {
        assertThat(NameMatcher.jaroWinkler("martha", "marhta")).isCloseTo(0.961, within(0.001));
        assertThat(NameMatcher.jaroWinkler("dwayne", "duane")).isCloseTo(0.84, within(0.001));
        assertThat(NameMatcher.jaroWinkler("dixon", "dicksonx")).isCloseTo(0.813, within(0.001));
        assertThat(
                        matcher(0.9, NameMatcher.Algorithm.JARO_WINKLER, "http_reqeusts_total")
                                .score(NAME))
                .isPositive();
        assertThat(matcher(0.9, NameMatcher.Algorithm.JARO_WINKLER, "zzz").score(NAME))
                .isNegative();
    }

    private static NameMatcher matcher(
            double threshold, NameMatcher.Algorithm algorithm, String... terms) {
        return new NameMatcher(List.of(terms), threshold, algorithm, true);
    }
}
