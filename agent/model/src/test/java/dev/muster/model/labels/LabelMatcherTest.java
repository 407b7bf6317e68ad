package dev.muster.model.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelMatcherTest {
    @Test
    void aMissingLabelIsTheEmptyValue() {
        Labels labels = Labels.of("job", "node");

        assertThat(LabelMatcher.all(List.of(LabelMatcher.equal("x", "")), labels)).isTrue();
        assertThat(LabelMatcher.all(List.of(LabelMatcher.notEqual("x", "y")), labels)).isTrue();
        assertThat(LabelMatcher.all(List.of(LabelMatcher.regex("x", ".*")), labels)).isTrue();
        assertThat(LabelMatcher.all(List.of(LabelMatcher.regex("x", ".+")), labels)).isFalse();
        assertThat(LabelMatcher.all(List.of(LabelMatcher.notRegex("x", ".+")), labels)).isTrue();
    }

    @Test
    void patternsAreAnchoredAndTheirDotMatchesANewline() {
        assertThat(LabelPattern.of("no.e").matches("node")).isTrue();
        assertThat(LabelPattern.of("ode").matches("node")).isFalse();
        assertThat(LabelPattern.of("a.b").matches("a\nb")).isTrue();
        assertThat(LabelPattern.of("a|b.").matches("bc")).isTrue();
        assertThat(LabelPattern.of("a|b.").matches("ac")).isFalse();
    }

    @Test
    void aChoiceOfLiteralsIsAnsweredFromASet() {
        assertThat(LabelPattern.of("a|b\\.c|").literals()).containsExactly("", "a", "b.c");
        assertThat(LabelPattern.of("a|b.c").literals()).isNull();
        assertThat(LabelPattern.of("a|b\\.c|").matches("b.c")).isTrue();
        assertThat(LabelPattern.of("").matches("")).isTrue();
    }

    @Test
    void anInvalidPatternIsNamedWithoutOurAnchors() {
        assertThatThrownBy(() -> LabelPattern.of("a("))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessage("error parsing regexp: missing closing ): `a(`");
    }

    @Test
    void printsAsPromQl() {
        assertThat(LabelMatcher.regex("job", "a\\d")).hasToString("job=~\"a\\\\d\"");
        assertThat(LabelMatcher.notEqual("a b", "c")).hasToString("\"a b\"!=\"c\"");
    }
}
