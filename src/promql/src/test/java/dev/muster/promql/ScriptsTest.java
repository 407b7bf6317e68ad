package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs our own scripts, all of which must pass.
class ScriptsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "selectors.test",
                "rates.test",
                "aggregations.test",
                "operators.test",
                "functions.test",
                "native_histograms.test"
            })
    void passes(String name) throws IOException, QueryException {
        try (InputStream in = ScriptsTest.class.getResourceAsStream("/promql/" + name)) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            ScriptRunner.Outcome outcome =
                    ScriptRunner.run(new String(bytes, StandardCharsets.UTF_8));
            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.evals()).isPositive();
        }
    }
}
