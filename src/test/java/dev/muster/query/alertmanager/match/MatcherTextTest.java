package dev.muster.query.alertmanager.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "{}; {}",
                "foo=bar; {foo=\"bar\"}",
                "{foo=bar, bar!=baz}; {foo=\"bar\",bar!=\"baz\"}",
                "{foo=\"bar\", bar=~\"b|c\",}; {foo=\"bar\",bar=~\"b|c\"}",
                "foo=bar=baz; {foo=\"bar=baz\"}",
                "foo=; {foo=\"\"}",
                "foo=~[a-z]+; {foo=~\"[a-z]+\"}",
                "{\"füü bar\"=\"x\"}; {\"füü bar\"=\"x\"}",
                "🙂=🙂; {🙂=\"🙂\"}",
                "foo=\"a,b\"; {foo=\"a,b\"}",
                "foo=\"\\u00e4\"; {foo=\"\\\\u00e4\"}",
                "fö=\"\\u00e4\"; {fö=\"ä\"}",
                "{foo=bar; {foo=\"bar\"}",
                "foo!~\"a\\\"b\"; {foo!~\"a\\\"b\"}",
            })
    void readsBothWaysOfWriting(String text, String shown) throws MatcherException {
        assertThat(Matcher.text(MatcherText.parse(text.strip()))).isEqualTo(shown.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "=x", "foo=\"", "foo=~\"(\"", "fö=a b", "{fö=a", "fö=a}"})
    void refusesWhatIsNeither(String text) {
        assertThatThrownBy(() -> MatcherText.parse(text)).isInstanceOf(MatcherException.class);
    }
}
