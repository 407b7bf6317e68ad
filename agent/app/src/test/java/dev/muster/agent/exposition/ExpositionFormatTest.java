package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.OPENMETRICS_TEXT;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpositionFormatTest {
    @Test
    void isToldByTheContentType() {
        assertThat(ExpositionFormat.of("text/plain; version=0.0.4", OPENMETRICS_TEXT))
                .isEqualTo(PROMETHEUS_TEXT);
        assertThat(
                        ExpositionFormat.of(
                                "Application/OpenMetrics-Text;version=1.0.0", PROMETHEUS_TEXT))
                .isEqualTo(OPENMETRICS_TEXT);
        assertThat(ExpositionFormat.of(OPENMETRICS_TEXT.contentType(), PROMETHEUS_TEXT))
                .isEqualTo(OPENMETRICS_TEXT);
        assertThat(ExpositionFormat.of("text/html", OPENMETRICS_TEXT)).isEqualTo(OPENMETRICS_TEXT);
        assertThat(ExpositionFormat.of(null, PROMETHEUS_TEXT)).isEqualTo(PROMETHEUS_TEXT);
    }
}
