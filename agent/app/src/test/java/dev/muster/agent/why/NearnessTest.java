package dev.muster.agent.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearnessTest {
    @Test
    void findsSlips() {
        List<String> names = List.of("http_requests_total", "http_request_total", "up", "go_info");
        assertThat(Nearness.nearest("http_reqeusts_total", names, 5))
                .containsExactly("http_requests_total", "http_request_total");
        assertThat(Nearness.nearest("http_requests", names, 5))
                .containsExactly("http_requests_total");
        assertThat(Nearness.nearest("upp", names, 5)).containsExactly("up");
        assertThat(Nearness.nearest("something_else", names, 5)).isEmpty();
        assertThat(Nearness.nearest("up", names, 5)).isEmpty();
    }

    @Test
    void countsChanges() {
        assertThat(Nearness.distance("", "abc")).isEqualTo(3);
        assertThat(Nearness.distance("abc", "acb")).isEqualTo(1);
        assertThat(Nearness.distance("kitten", "sitting")).isEqualTo(3);
    }
}
