package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1767361020, 1767361020000",
        "1767361020.781, 1767361020781",
        "1767361020.9999, 1767361021000",
        "1.5e9, 1500000000000",
        "-1.5, -1500",
        "+3, 3000",
        "2026-01-02T13:37:00Z, 1767361020000",
        "2026-01-02T13:37:00.250Z, 1767361020250",
        "2026-01-02T15:37:00+02:00, 1767361020000",
    })
    void readsTimes(String text, long timeMs) {
        assertThat(Times.timeMs(text)).isEqualTo(timeMs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "1767361020s",
                "NaN",
                "Inf",
                "1e300",
                "2026-01-02",
                "2026-13-02T13:37:00Z",
                "0x10",
                "1d"
            })
    void refusesOtherTimes(String text) {
        assertThatThrownBy(() -> Times.timeMs(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot parse \"" + text + "\" to a valid timestamp");
    }

    @ParameterizedTest
    @CsvSource({
        "15, 15000000000",
        "0.25, 250000000",
        "15s, 15000000000",
        "1m30s, 90000000000",
        "1h, 3600000000000",
        "250ms, 250000000",
        "1y2w3d, 33004800000000000",
        "-5, -5000000000",
    })
    void readsDurations(String text, long nanos) {
        assertThat(Times.durationNanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5x", "1m1h", "1.5h", "99999999y", "-5s"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> Times.durationNanos(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot parse \"" + text + "\" to a valid duration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e300", "99999999999999"})
    void namesADurationThatIsTooLong(String text) {
        assertThatThrownBy(() -> Times.durationNanos(text))
                .hasMessage(
                        "cannot parse \"" + text + "\" to a valid duration. It overflows int64");
    }
}
