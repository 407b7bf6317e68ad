package dev.muster.blocks.read;

import static dev.muster.blocks.upness.UpnessSamples.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessHistory;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessSamples;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.write.DuckDb;
import dev.muster.blocks.write.UpnessFileWriter;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpnessFileTest {
    private static final TimeRange WINDOW = new TimeRange(T, T + 7_200_000);
    private static final UpnessBlockId ID = new UpnessBlockId("c1", "web-2", WINDOW, 0);

    @TempDir Path directory;

    private byte[] file(List<UpnessRun> runs) throws IOException {
        return UpnessFileWriter.write(ID, runs, directory.resolve("scratch.parquet"));
    }

    private static List<UpnessRun> sorted(Collection<UpnessRun> runs) {
        List<UpnessRun> sorted = new ArrayList<>();
        for (UpnessRun run : runs) {
            sorted.add(
                    new UpnessRun(
                            run.cell(),
                            run.observer(),
                            run.incarnation(),
                            run.fromMs(),
                            run.untilMs(),
                            run.cut(),
                            run.entries().stream().sorted(UpnessEntry.ORDER).toList()));
        }
        sorted.sort(Comparator.comparing(UpnessRun::observer).thenComparingLong(UpnessRun::fromMs));
        return sorted;
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            List<UpnessRun> runs = UpnessSamples.random(new Random(seed));
            assertThat(sorted(UpnessFileReader.read(file(runs))))
                    .as("seed=%d", seed)
                    .isEqualTo(sorted(runs));
        }
    }

    @Test
    void theSameRunsGiveTheSameBytes() throws IOException {
        List<UpnessRun> runs = UpnessSamples.death();

        assertThat(file(runs.reversed())).isEqualTo(file(runs));
    }

    @Test
    void aFileWithoutRunsIsReadable() throws IOException {
        assertThat(UpnessFileReader.read(file(List.of()))).isEmpty();
    }

    @Test
    void aFlippedBitAnywhereIsRefused() throws IOException {
        byte[] file = file(UpnessSamples.death());
        for (int i = 0; i < file.length; i++) {
            byte[] flipped = file.clone();
            flipped[i] ^= 1;
            assertThatThrownBy(() -> UpnessFileReader.read(flipped))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void goldenFileStaysReadable() throws IOException {
        String write = System.getProperty("golden");
        if (write != null) {
            Files.write(Path.of(write, "upness-1.parquet"), file(UpnessSamples.death()));
        }
        try (InputStream in =
                UpnessFileTest.class.getResourceAsStream("/golden/upness-1.parquet")) {
            assertThat(sorted(UpnessFileReader.read(Objects.requireNonNull(in).readAllBytes())))
                    .isEqualTo(sorted(UpnessSamples.death()));
        }
    }

    @Test
    void duckDbReadsTheTable() throws Exception {
        try (DuckDb duck = store(UpnessSamples.death())) {
            assertThat(
                            duck.rows(
                                    "SELECT kind, count(*), min(len(witnesses)), max(witnesses[2])"
                                            + " FROM upness_rows GROUP BY kind ORDER BY kind"))
                    .containsExactly("change|8|0|web-3", "held|4|0|null", "watch|2|0|null");
            assertThat(
                            duck.rows(
                                    "SELECT epoch_ms(ts), epoch_ms(decided_at), host, from_state,"
                                            + " to_state, cause, provenance, witnesses FROM upness"
                                            + " WHERE job IS NULL AND to_state = 'down'"))
                    .containsExactly(
                            "%d|%d|web-1|unknown|down|host_down|host|[web-2, web-3]"
                                    .formatted(T + 59_700, T + 62_600));
        }
    }

    @Test
    void theHistoryInSqlIsThatOfTheQueryNode() throws Exception {
        for (long seed = 0; seed < 25; seed++) {
            List<UpnessRun> runs = UpnessSamples.random(new Random(seed));
            try (DuckDb duck = store(runs)) {
                assertThat(
                                duck.rows(
                                        "SELECT host, coalesce(job, ''), state, coalesce(cause,"
                                            + " ''), provenance, epoch_ms(ts), epoch_ms(until_ts)"
                                            + " FROM upness_history ORDER BY 1, 2, 6"))
                        .as("seed=%d", seed)
                        .isEqualTo(history(runs));
            }
        }
    }

    private static List<String> history(List<UpnessRun> runs) {
        List<String> rows = new ArrayList<>();
        UpnessHistory.of(runs, WINDOW)
                .forEach((target, spans) ->
                        spans.stream()
                                .filter(span -> !span.cause().equals("not_logged"))
                                .filter(span -> span.state() != UpnessState.LEFT)
                                .forEach(span ->
                                        rows.add(
                                                "%s|%s|%s|%s|%s|%d|%d"
                                                        .formatted(
                                                                target.host(),
                                                                target.job(),
                                                                span.state().label(),
                                                                span.cause(),
                                                                span.provenance().label(),
                                                                span.fromMs(),
                                                                span.untilMs()))));
        return rows;
    }

    private DuckDb store(List<UpnessRun> runs) throws Exception {
        Path store = Files.createTempDirectory(directory, "store");
        for (UpnessRun run : runs) {
            Path file = store.resolve(new UpnessBlockId("c1", run.observer(), WINDOW, 0).key());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, file(List.of(run)));
        }
        var duck = new DuckDb();
        duck.execute("SET TimeZone = 'UTC'");
        duck.execute("SET VARIABLE store = '" + store + "'");
        Path root = Path.of(System.getProperty("muster.root", "../"));
        duck.execute(Files.readString(root.resolve("docs/format/upness-views.sql")));
        return duck;
    }
}
