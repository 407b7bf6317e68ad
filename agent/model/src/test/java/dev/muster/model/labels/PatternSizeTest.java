package dev.muster.model.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternSizeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc 3",
                "a{3} 3",
                "a{2,5} 5",
                "(ab){10} 30",
                "((a{10}){10}){10} 1110",
                "[a-z]{4} 4",
                "[]a]{4} 4",
                "[^]a]{4} 4",
                "\\d{7} 7",
                "\\pN{7} 8",
                "\\p{Greek}{7} 7",
                "a\\{3} 4",
                "a{x} 4",
                "a{ 2",
                "( 0",
                "[ 1"
            })
    void isAboutThatOfTheProgram(String pattern, int size) {
        assertThat(PatternSize.of(pattern)).isBetween(size, size + 3);
    }

    @Test
    void survivesAnyText() {
        assertThat(PatternSize.of("(".repeat(100_000))).isPositive();
        assertThat(PatternSize.of("((((((a{999}){999}){999}){999}){999}){999})"))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(PatternSize.of("a{99999999999999999}")).isPositive();
    }

    @Test
    void aProgramThatWouldBeFarTooLargeIsNotMade() {
        assertThatThrownBy(() -> LabelPattern.of("((a{100}){100}){100}"))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessage("error parsing regexp: expression too large");
    }

    @Test
    void aLongChoiceOfLiteralsNeedsNoProgram() {
        LabelPattern pattern = LabelPattern.of("a|".repeat(20_000) + "b");
        assertThat(pattern.size()).isZero();
        assertThat(pattern.matches("b")).isTrue();
    }
}
