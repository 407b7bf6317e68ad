package dev.muster.agent.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.exposition.FamilyEncoder;
import dev.muster.agent.journal.Journal;
import dev.muster.agent.scrape.ManualTimers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs of pushed groups that earlier versions wrote stay readable. A file of the present version
/// is written by `-Dmuster.golden=FILE`.
class PushGoldenTest {
    private static final PushLimits LIMITS = new PushLimits(20, 1 << 20, 0);
    private static final long START_MS = 1_800_000_000_000L;
    private static final String BACKUP = "/metrics/job/backup/instance/wéb-1";

    @TempDir Path directory;

    private final ManualTimers time = new ManualTimers(START_MS);

    private PushStore open() throws IOException {
        return new PushStore(directory, LIMITS, time);
    }

    private static void push(PushStore store, String path, boolean all, String text, long ttl)
            throws Exception {
        GroupKey key = GroupPath.parse(path);
        byte[] bytes = text.getBytes(UTF_8);
        store.push(
                key,
                all,
                FamilyEncoder.encode(
                        ExpositionFormat.PROMETHEUS_TEXT,
                        bytes,
                        bytes.length,
                        key.labels(),
                        LIMITS.groupBytes()),
                ttl == 0 ? OptionalLong.empty() : OptionalLong.of(ttl));
    }

    /// Each kind of record once.
    private void write() throws Exception {
        append(new PushRecord.Wiped());
        PushGroup held;
        try (PushStore store = new PushStore(directory.resolve("other"), LIMITS, time)) {
            push(store, "/metrics/job/held", true, "h 1\n", 0);
            held = store.groups().iterator().next();
        }
        try (PushStore store = open()) {
            push(store, BACKUP, true, "a 1\nb{c=\"d\"} 2\n", 3_600_000);
            time.advance(1_000);
            push(store, BACKUP, false, "# TYPE a counter\na 5\n", 3_600_000);
            push(store, "/metrics/job/gone", true, "x 1\n", 0);
            store.delete(GroupPath.parse("/metrics/job/gone"));
            assertThatThrownBy(() -> push(store, "/metrics/job/bad", true, "x 1 5\n", 0))
                    .isInstanceOf(PushException.class);
        }
        append(PushRecord.held(held));
    }

    private void append(PushRecord record) throws IOException {
        try (Journal journal = new Journal(directory, "push", "MUSTERP1", _ -> {})) {
            journal.append(record.encode());
        }
    }

    @Test
    void writesAFileOnRequest() throws Exception {
        String target = System.getProperty("muster.golden", "");
        write();
        if (!target.isEmpty()) {
            Files.copy(directory.resolve("00000001.push"), Path.of(target));
        }
        assertRead();
    }

    @ParameterizedTest
    @ValueSource(strings = {"push-1.bin"})
    void readsFilesOfEarlierVersions(String name) throws Exception {
        try (InputStream golden = getClass().getResourceAsStream("/golden/" + name)) {
            Files.write(
                    directory.resolve("00000001.push"),
                    Objects.requireNonNull(golden).readAllBytes());
        }
        time.advance(1_000);
        assertRead();
    }

    private void assertRead() throws Exception {
        try (PushStore store = open()) {
            ExpositionWriter out = new ExpositionWriter();
            new GroupReader().write(store.groups(), out);
            List<String> samples =
                    new String(out.bytes(), 0, out.size(), UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("# HELP"))
                            .toList();
            assertThat(samples)
                    .containsExactly(
                            "# TYPE a counter",
                            "a{instance=\"wéb-1\",job=\"backup\"} 5",
                            "# TYPE b untyped",
                            "b{c=\"d\",instance=\"wéb-1\",job=\"backup\"} 2",
                            "# TYPE h untyped",
                            "h{instance=\"\",job=\"held\"} 1",
                            "# TYPE push_failure_time_seconds gauge",
                            "push_failure_time_seconds{instance=\"wéb-1\",job=\"backup\"} 0",
                            "push_failure_time_seconds{instance=\"\",job=\"bad\"} 1.800000001e+09",
                            "push_failure_time_seconds{instance=\"\",job=\"held\"} 0",
                            "# TYPE push_time_seconds gauge",
                            "push_time_seconds{instance=\"wéb-1\",job=\"backup\"} 1.800000001e+09",
                            "push_time_seconds{instance=\"\",job=\"bad\"} 0",
                            "push_time_seconds{instance=\"\",job=\"held\"} 1.8e+09");
        }
    }
}
