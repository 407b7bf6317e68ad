package dev.muster.agent.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.FamilyEncoder;
import dev.muster.agent.scrape.ManualTimers;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs of runs that earlier versions wrote stay readable. A file of the present version is written
/// by `-Dmuster.golden=FILE`.
class RunsGoldenTest {
    private static final long START_MS = 1_800_000_000_000L;
    private static final RunKey NIGHTLY = new RunKey("nightly", "db-1");
    private static final JobPlan PLAN =
            new JobPlan("30 2 * * *", "Europe/Zurich", Duration.ofMinutes(2), Duration.ofHours(1));

    @TempDir Path directory;

    private final ManualTimers time = new ManualTimers(START_MS);

    private RunStore open() throws IOException {
        return new RunStore(directory, time, time::nanoTime, 0);
    }

    private void write(RunStore store) throws Exception {
        byte[] text = "# TYPE rows counter\nrows 5\n".getBytes(StandardCharsets.UTF_8);
        List<EncodedFamily> families =
                FamilyEncoder.encode(
                                ExpositionFormat.PROMETHEUS_TEXT,
                                text,
                                text.length,
                                Labels.EMPTY,
                                1 << 20)
                        .families();
        store.start(NIGHTLY, Optional.of(PLAN), "a", START_MS);
        store.finish(NIGHTLY, Optional.empty(), "a", 0, START_MS + 3_000, 3, families);
        store.start(NIGHTLY, Optional.empty(), "b", START_MS + 5_000);
        store.declare(new RunKey("gone", "wéb"), Optional.empty());
        store.remove(new RunKey("gone", "wéb"));
    }

    @Test
    void writesAFileOnRequest() throws Exception {
        String target = System.getProperty("muster.golden", "");
        try (RunStore store = open()) {
            write(store);
        }
        if (!target.isEmpty()) {
            Files.copy(directory.resolve("00000001.runs"), Path.of(target));
        }
        assertRead();
    }

    @ParameterizedTest
    @ValueSource(strings = {"runs-1.bin", "runs-2.bin"})
    void readsFilesOfEarlierVersions(String name) throws Exception {
        try (InputStream golden = getClass().getResourceAsStream("/golden/" + name)) {
            Files.write(
                    directory.resolve("00000001.runs"),
                    Objects.requireNonNull(golden).readAllBytes());
        }
        assertRead();
    }

    private void assertRead() throws Exception {
        time.advance(60_000);
        try (RunStore store = open()) {
            assertThat(store.lostRecords()).isZero();
            assertThat(store.jobs())
                    .containsExactly(
                            new JobView(
                                    NIGHTLY,
                                    PLAN,
                                    1_800_063_000_000L,
                                    false,
                                    START_MS + 5_000,
                                    START_MS + 3_000,
                                    0,
                                    3,
                                    3_000,
                                    0,
                                    1,
                                    0,
                                    Map.of("b", START_MS + 5_000)));
            assertThat(store.startedMs(NIGHTLY, "a")).isEmpty();
            store.finish(NIGHTLY, Optional.empty(), "a", 0, START_MS, 0, List.of());
            assertThat(store.jobs().getFirst().successes()).isZero();
            assertThat(store.nextMetrics()).hasSize(1);
        }
    }
}
