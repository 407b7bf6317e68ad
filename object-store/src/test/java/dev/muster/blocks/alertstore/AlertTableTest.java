package dev.muster.blocks.alertstore;

import static dev.muster.blocks.alerts.AlertRows.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.alerts.AlertRows;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.AlertsBlockId;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertTableTest {
    private static final TimeRange WINDOW = new TimeRange(T, T + 7_200_000);
    private static final List<AlertRow> ROWS = AlertRows.disk();

    @TempDir Path directory;

    private final Bucket bucket = bucket();

    private static Bucket bucket() {
        try {
            return Buckets.open(BucketConfig.of("memory:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AlertTable table() {
        return new AlertTable(bucket, directory);
    }

    private static AlertTable.Pieces pieces(List<AlertRow> rows) {
        return (wanted, taker) ->
                taker.take(rows.stream().filter(row -> wanted.test(row.id())).toList());
    }

    @Test
    void eachRowIsThereOnceWhoeverWritesAndHoweverOften() throws IOException {
        assertThat(table().add(WINDOW, pieces(ROWS.subList(0, 5)))).isEqualTo(5);
        assertThat(table().add(WINDOW, pieces(ROWS))).isEqualTo(2);
        assertThat(table().add(WINDOW, pieces(ROWS))).isZero();

        assertThat(table().read(WINDOW)).isEqualTo(ROWS);
        assertThat(bucket.list("v1/alerts/level=L0/date=2026-11-22/"))
                .extracting(object -> AlertsBlockId.ofKey(object.key()).map(AlertsBlockId::number))
                .containsExactly(Optional.of(0), Optional.of(1));
    }

    @Test
    void whatAnotherPutsMeanwhileIsLeftOut() throws IOException {
        AlertTable other = table();
        int added =
                table().add(
                                WINDOW,
                                (wanted, taker) -> {
                                    var _ = other.add(WINDOW, pieces(ROWS.subList(2, 7)));
                                    taker.take(ROWS);
                                });

        assertThat(added).isEqualTo(2);
        assertThat(table().read(WINDOW)).isEqualTo(ROWS);
    }

    @Test
    void aRangeIsReadExactly() throws IOException {
        var _ = table().add(WINDOW, pieces(ROWS));

        assertThat(table().read(new TimeRange(T + 61_000, T + 80_000)))
                .isEqualTo(ROWS.subList(1, 3));
        assertThat(AlertsBlockId.prefix(LocalDate.of(2026, 11, 22)))
                .isEqualTo("v1/alerts/level=L0/date=2026-11-22/");
    }
}
