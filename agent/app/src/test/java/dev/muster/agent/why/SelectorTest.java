package dev.muster.agent.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "up | [__name__=\"up\"]",
                "up{} | [__name__=\"up\"]",
                "  up { job = \"x\" , } | [__name__=\"up\", job=\"x\"]",
                "{\"my metric\", a=\"\\\"\\n\"} | [__name__=\"my metric\", a=\"\\\"\\n\"]",
                "{job=\"x}\"} | [job=\"x}\"]",
            })
    void readsWhatPromQlWrites(String text, String matchers) {
        assertThat(Selector.parse(text).matchers().toString()).isEqualTo(matchers);
    }

    @Test
    void readsEveryOperator() {
        assertThat(Selector.parse("m{a!='1',b=~\"x|y\",c!~`z\\d`}").matchers().toString())
                .isEqualTo("[__name__=\"m\", a!=\"1\", b=~\"x|y\", c!~\"z\\\\d\"]");
        assertThat(Selector.parse("m{a=\"1\"}").metric()).isEqualTo("m");
        assertThat(Selector.parse("{a=\"1\"}").metric()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | a metric name or a label matcher",
                "{} | a metric name or a label matcher",
                "up{ | a label name",
                "up{a} | one of = != =~ !~",
                "up{a=1} | a value in quotes",
                "up{a=\"1} | must be \": found=end",
                "up{a=\"1\" | must be }: found=end",
                "up{a=\"1\"} x | end of the selector",
                "1up | a metric name",
                "up{a=\"\\q\"} | column=8",
                "up{a=~\"(\"} | label=a",
            })
    void saysWhatIsWrongAndWhere(String text, String message) {
        assertThatThrownBy(() -> Selector.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
