package dev.muster.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "60s,PT1M", "5m,PT5M", "2h,PT2H", "1d,PT24H"})
    void readsWhatPeopleType(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "-1s", "1.5h", "5 m", "99999999999s"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .hasMessage("duration must be a number and one of ms, s, m, h, d: found=" + text);
    }

    @Test
    void countsDays() {
        assertThat(DurationText.parse("3d")).isEqualTo(Duration.ofDays(3));
    }
}
