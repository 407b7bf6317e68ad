package dev.muster.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.launcher.process.RefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpOptionsTest {
    private static final Path DATA = Path.of("/data");

    @Test
    void refusesAnAgentCountOutOfRange() {
        assertThatThrownBy(() -> options(0, 9640, Duration.ofMinutes(5)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("--agents must be 1 to 32: found=0");
    }

    @Test
    void refusesPortsBeyondTheLast() {
        assertThatThrownBy(() -> options(3, 65_500, Duration.ofMinutes(5)))
                .hasMessage("--port-base must be 1024 to 65407: found=65500");
    }

    @Test
    void refusesAWindowThatDoesNotDivideADay() {
        assertThatThrownBy(() -> options(3, 9640, Duration.ofMinutes(7)))
                .hasMessage("--window must divide a day evenly: found=7m");
    }

    @Test
    void refusesAnUnknownKindOfStore() {
        assertThatThrownBy(() -> withStore("ftp://host/x", StoreKeys.NONE))
                .hasMessage(
                        "--store must be s3://bucket/prefix or file:///directory:"
                                + " found=ftp://host/x");
    }

    @Test
    void refusesAnS3StoreWithoutKeys() {
        assertThatThrownBy(() -> withStore("s3://bucket/muster", StoreKeys.NONE))
                .hasMessageContaining("MUSTER_STORE_ACCESS_KEY and MUSTER_STORE_SECRET_KEY");
    }

    @Test
    void keysComeFromEitherNameAndAreNeverPrinted() {
        var keys =
                StoreKeys.from(
                        Map.of(
                                "AWS_ACCESS_KEY_ID", "shared",
                                "MUSTER_STORE_ACCESS_KEY", "ours",
                                "AWS_SECRET_ACCESS_KEY", "hush"));

        assertThat(keys.environment())
                .containsOnly(
                        Map.entry("MUSTER_STORE_ACCESS_KEY", "ours"),
                        Map.entry("MUSTER_STORE_SECRET_KEY", "hush"));
        assertThat(withStore("s3://bucket/muster", keys).toString()).doesNotContain("hush");
    }

    private static UpOptions options(int agents, int portBase, Duration window) {
        return new UpOptions(
                DATA,
                Optional.empty(),
                Optional.empty(),
                StoreKeys.NONE,
                AlertingFiles.NONE,
                agents,
                portBase,
                window);
    }

    private static UpOptions withStore(String url, StoreKeys keys) {
        return new UpOptions(
                DATA,
                Optional.of(url),
                Optional.empty(),
                keys,
                AlertingFiles.NONE,
                3,
                9640,
                Duration.ofMinutes(5));
    }
}
