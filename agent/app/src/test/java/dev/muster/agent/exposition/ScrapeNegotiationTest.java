package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeNegotiationTest {
    private static final ScrapeNegotiation WITH_FALLBACK =
            new ScrapeNegotiation(
                    ScrapeProtocol.DEFAULT,
                    ScrapeProtocol.PROMETHEUS_TEXT_0_0_4,
                    NameEscaping.ALLOW_UTF_8);

    @Test
    void asksForOpenMetricsFirst() {
        assertThat(ScrapeNegotiation.DEFAULT.acceptHeader())
                .isEqualTo(
                        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                                + "application/openmetrics-text;version=0.0.1;q=0.5,"
                                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
    }

    @Test
    void asksForTheProtocolsInTheirOrder() {
        assertThat(
                        new ScrapeNegotiation(
                                        ScrapeProtocol.PROTO_FIRST, null, NameEscaping.UNDERSCORES)
                                .acceptHeader())
                .isEqualTo(
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily"
                                + ";encoding=delimited;q=0.6,"
                                + "application/openmetrics-text;version=1.0.0"
                                + ";escaping=underscores;q=0.5,"
                                + "application/openmetrics-text;version=0.0.1;q=0.4,"
                                + "text/plain;version=1.0.0;escaping=underscores;q=0.3,"
                                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
        assertThat(
                        new ScrapeNegotiation(
                                        List.of(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4),
                                        null,
                                        NameEscaping.VALUES)
                                .acceptHeader())
                .isEqualTo("text/plain;version=0.0.4;q=0.6,*/*;q=0.5");
    }

    @Test
    void refusesProtocolsThatMakeNoList() {
        assertThatThrownBy(() -> new ScrapeNegotiation(List.of(), null, NameEscaping.ALLOW_UTF_8))
                .hasMessage("scrape protocols must not be empty");
        ScrapeProtocol text = ScrapeProtocol.PROMETHEUS_TEXT_0_0_4;
        assertThatThrownBy(
                        () -> new ScrapeNegotiation(List.of(text, text), null, NameEscaping.DOTS))
                .hasMessage(
                        "scrape protocols must be unique:"
                                + " found=[PrometheusText0.0.4, PrometheusText0.0.4]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | PROMETHEUS_TEXT",
                "text/plain; version=0.0.4; charset=utf-8 | PROMETHEUS_TEXT",
                "text/plain;version=1.0.0;escaping=allow-utf-8; | PROMETHEUS_TEXT",
                "Application/OpenMetrics-Text; version=\"1.0.0\" | OPENMETRICS_TEXT"
            })
    void readsWhatTheContentTypeNames(String contentType, ExpositionFormat format) {
        assertThat(ScrapeNegotiation.DEFAULT.bodyFormat(contentType))
                .isEqualTo(new BodyFormat.Readable(format, ""));
    }

    @Test
    void refusesABlankContentType() {
        assertThat(ScrapeNegotiation.DEFAULT.bodyFormat(null))
                .isInstanceOfSatisfying(
                        BodyFormat.Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(
                                                "Content-Type must not be blank, and there is no"
                                                        + " fallback_scrape_protocol"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/json; charset=utf-8",
                "text",
                "text/plain; version",
                "text/plain; version=",
                "text/plain; a=1; a=2",
                "text/plain; a=\"1",
                "text/plain x",
                "text/",
                "/"
            })
    void refusesWhatNamesNoExposition(String contentType) {
        assertThat(ScrapeNegotiation.DEFAULT.bodyFormat(contentType))
                .isInstanceOf(BodyFormat.Refused.class);
    }

    @Test
    void fallsBackWithAWarning() {
        assertThat(WITH_FALLBACK.bodyFormat("text/html"))
                .isEqualTo(
                        new BodyFormat.Readable(
                                ExpositionFormat.PROMETHEUS_TEXT,
                                "Content-Type must be that of an exposition: found=text/html, read"
                                        + " as fallback_scrape_protocol=PrometheusText0.0.4"));
        assertThat(WITH_FALLBACK.bodyFormat("application/openmetrics-text"))
                .isEqualTo(new BodyFormat.Readable(ExpositionFormat.OPENMETRICS_TEXT, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "http_requests_total, http_requests_total, http__requests__total, http_requests_total",
        "http.status:sum, http_status:sum, http_dot_status:sum, U__http_2e_status:sum",
        "a_b.ü🚀, a_b___, a__b_dot_____, U__a__b_2e__fc__1f680_",
        "0x, _x, __x, U___30_x"
    })
    void escapesNames(String name, String underscores, String dots, String values) {
        assertThat(NameEscaping.UNDERSCORES.escape(name)).isEqualTo(underscores);
        assertThat(NameEscaping.DOTS.escape(name)).isEqualTo(dots);
        assertThat(NameEscaping.VALUES.escape(name)).isEqualTo(values);
        assertThat(NameEscaping.ALLOW_UTF_8.escape(name)).isEqualTo(name);
    }
}
