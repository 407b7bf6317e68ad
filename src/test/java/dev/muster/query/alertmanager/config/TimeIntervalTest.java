package dev.muster.query.alertmanager.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeIntervalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; 2026-01-01T00:00:00Z; true",
                "{times: [{start_time: '09:00', end_time: '17:00'}]}; 2026-01-01T09:00:00Z; true",
                "{times: [{start_time: '09:00', end_time: '17:00'}]}; 2026-01-01T17:00:00Z; false",
                "{times: [{start_time: '23:00', end_time: '24:00'}]}; 2026-01-01T23:59:59Z; true",
                "{weekdays: ['monday:friday']}; 2026-11-23T12:00:00Z; true",
                "{weekdays: ['Saturday', sunday]}; 2026-11-23T12:00:00Z; false",
                "{days_of_month: ['-1']}; 2026-02-28T12:00:00Z; true",
                "{days_of_month: ['-3:-1']}; 2026-02-25T12:00:00Z; false",
                "{days_of_month: ['31']}; 2026-02-28T12:00:00Z; false",
                "{days_of_month: ['28:31']}; 2026-02-28T12:00:00Z; true",
                "{days_of_month: ['1:-1']}; 2026-02-28T12:00:00Z; true",
                "{months: ['november:december', '1']}; 2026-11-01T12:00:00Z; true",
                "{months: ['1:3']}; 2026-11-01T12:00:00Z; false",
                "{years: ['2020:2025', '2027']}; 2026-11-01T12:00:00Z; false",
                "{years: [2026]}; 2026-11-01T12:00:00Z; true",
                "{times: [{start_time: '09:00', end_time: '10:00'}], location: Europe/Berlin};"
                        + " 2026-01-01T08:30:00Z; true",
                "{weekdays: [monday], location: Australia/Sydney}; 2026-11-22T14:00:00Z; true",
            })
    void holds(String yaml, Instant time, boolean expected) throws YamlException {
        TimeInterval interval = TimeIntervalReading.of(YamlMap.parse("t", yaml));
        assertThat(interval.contains(time)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{times: [{start_time: '9:00', end_time: '17:00'}]}; couldn't parse timestamp 9:00",
                "{times: [{start_time: '09:00'}]}; both start and end times must be provided",
                "{times: [{start_time: '17:00', end_time: '09:00'}]}; start time cannot be equal",
                "{weekdays: ['friday:monday']}; start day cannot be before end day",
                "{weekdays: [moonday]}; couldn't parse range moonday",
                "{days_of_month: ['0']}; out of range",
                "{days_of_month: ['-1:1']}; end day must be negative",
                "{days_of_month: ['10:5']}; is always before start day",
                "{months: ['march:january']}; is before start month",
                "{years: ['2027:2026']}; is before start year",
                "{location: Mars/Phobos}; unknown time zone",
                "{time_zone: UTC}; unknown key",
            })
    void refuses(String yaml, String message) {
        assertThatThrownBy(() -> TimeIntervalReading.of(YamlMap.parse("t", yaml)))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining(message);
    }
}
