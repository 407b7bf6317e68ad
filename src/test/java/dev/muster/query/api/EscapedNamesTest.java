package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapedNamesTest {
    @ParameterizedTest
    @CsvSource({
        "job, job",
        "__name__, __name__",
        "U__http_2e_status, http.status",
        "U__a__b, a_b",
        "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load, mysystem.prod.west.cpu.load",
        "U__label_20_with_20_space, label with space",
        "U___1f600_, \uD83D\uDE00",
        "U__bad_2x_, U__bad_2x_",
        "U__open_2e, U__open_2e",
        "U__half_d800_, U__half_d800_",
    })
    void unescapes(String escaped, String name) {
        assertThat(EscapedNames.unescape(escaped)).isEqualTo(name);
    }
}
