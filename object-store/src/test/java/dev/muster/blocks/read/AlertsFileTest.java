package dev.muster.blocks.read;

import static dev.muster.blocks.alerts.AlertRows.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.alerts.AlertRows;
import dev.muster.blocks.schema.AlertsBlockId;
import dev.muster.blocks.write.AlertsFileWriter;
import dev.muster.blocks.write.DuckDb;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsFileTest {
    private static final AlertsBlockId ID = new AlertsBlockId(new TimeRange(T, T + 7_200_000), 0);

    @TempDir Path directory;

    private byte[] file(List<AlertRow> rows) throws IOException {
        return AlertsFileWriter.write(ID, rows, directory.resolve("scratch.parquet"));
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            List<AlertRow> rows = AlertRows.random(new Random(seed));
            assertThat(AlertsFileReader.read(file(rows)))
                    .as("seed=%d", seed)
                    .isEqualTo(rows.stream().sorted(AlertRow.ORDER).toList());
        }
    }

    @Test
    void theSameRowsGiveTheSameBytes() throws IOException {
        assertThat(file(AlertRows.disk().reversed())).isEqualTo(file(AlertRows.disk()));
    }

    @Test
    void aFileWithoutRowsIsReadable() throws IOException {
        assertThat(AlertsFileReader.read(file(List.of()))).isEmpty();
    }

    @Test
    void aFlippedBitAnywhereIsRefused() throws IOException {
        byte[] file = file(AlertRows.disk());
        for (int i = 0; i < file.length; i++) {
            byte[] flipped = file.clone();
            flipped[i] ^= 1;
            assertThatThrownBy(() -> AlertsFileReader.read(flipped))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void goldenFileStaysReadable() throws IOException {
        String write = System.getProperty("golden");
        if (write != null) {
            Files.write(Path.of(write, "alerts-1.parquet"), file(AlertRows.disk()));
        }
        try (InputStream in =
                AlertsFileTest.class.getResourceAsStream("/golden/alerts-1.parquet")) {
            assertThat(AlertsFileReader.read(Objects.requireNonNull(in).readAllBytes()))
                    .isEqualTo(AlertRows.disk());
        }
    }

    @Test
    void duckDbReadsTheTable() throws Exception {
        try (DuckDb duck = store(AlertRows.disk())) {
            assertThat(
                            duck.rows(
                                    "SELECT kind, event, epoch_ms(ts) - %d FROM alerts_rows ORDER BY ts"
                                            .formatted(T)))
                    .containsExactly(
                            "alert|pending|1000",
                            "alert|firing|61000",
                            "notification|delivered|71250",
                            "silence|created|80000",
                            "alert|resolved|600000",
                            "notification|rejected|610000",
                            "silence|expired|700000");
            assertThat(
                            duck.rows(
                                    "SELECT alertname, severity, labels['host'],"
                                        + " annotations['summary'], value, hosts_share,"
                                        + " epoch_ms(ended_at) - epoch_ms(fired_at), fingerprint"
                                        + " FROM alerts_firing WHERE date = '2026-11-22'"))
                    .containsExactly(
                            "DiskFull|critical|web-1|disk of web-1 is"
                                    + " full|0.97|0.75|539000|fedcba9876543210");
            assertThat(
                            duck.rows(
                                    "SELECT outcome, receiver, integration, firing, resolved,"
                                            + " attempts, maybe_duplicate, latency_ms, reason, node"
                                            + " FROM notifications ORDER BY ts"))
                    .containsExactly(
                            "delivered|oncall|webhook|[0000000000000007,"
                                    + " fedcba9876543210]|[]|2|true|250|null|q1",
                            "rejected|oncall|slack|[]|[fedcba9876543210]|1|false|12|unexpected"
                                    + " status code 404|q1");
            assertThat(
                            duck.rows(
                                    "SELECT created_by, comment, acknowledgement, matchers,"
                                            + " epoch_ms(expired_at) - epoch_ms(created_at) FROM"
                                            + " silences"))
                    .containsExactly(
                            "jo|ack: looking at it|true|[alertname=\"DiskFull\","
                                    + " host=~\"web-.*\"]|620000");
        }
    }

    private DuckDb store(List<AlertRow> rows) throws Exception {
        Path store = Files.createTempDirectory(directory, "store");
        Path file = store.resolve(ID.key());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, file(rows));
        var duck = new DuckDb();
        duck.execute("SET TimeZone = 'UTC'");
        duck.execute("SET VARIABLE store = '" + store + "'");
        Path root = Path.of(System.getProperty("muster.root", "../"));
        duck.execute(Files.readString(root.resolve("docs/format/alerts-views.sql")));
        return duck;
    }
}
