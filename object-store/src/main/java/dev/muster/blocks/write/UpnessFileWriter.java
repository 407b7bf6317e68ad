package dev.muster.blocks.write;

import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.schema.UpnessColumns;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/// Writes a file of the table `upness`. Confined to one thread.
///
/// The same runs give the same bytes, in whichever order they come.
public final class UpnessFileWriter {
    private static final MessageType SCHEMA = UpnessColumns.SCHEMA;
    private static final long MICROS_PER_MS = 1000;
    private static final ParquetProperties PROPERTIES =
            EventFile.properties(UpnessColumns.TIME, UpnessColumns.DECIDED_AT);

    private static final Comparator<UpnessRun> RUNS =
            Comparator.comparingLong(UpnessRun::fromMs)
                    .thenComparingLong(UpnessRun::incarnation)
                    .thenComparing(UpnessRun::observer)
                    .thenComparingLong(UpnessRun::untilMs);

    private static final Comparator<Row> ROWS =
            Comparator.comparing((Row row) -> row.entry, UpnessEntry.ORDER)
                    .thenComparingInt(row -> row.run);

    private UpnessFileWriter() {}

    /// The file of an observer's runs in a window.
    ///
    /// @param runs within the window but for the begin of what held before
    /// @param scratch a file that is made and deleted
    public static byte[] write(UpnessBlockId id, List<UpnessRun> runs, Path scratch)
            throws IOException {
        List<UpnessRun> sorted = runs.stream().sorted(RUNS).toList();
        return EventFile.write(
                SCHEMA,
                PROPERTIES,
                metadata(id, sorted),
                scratch,
                file -> new Rows(id, file).write(sorted));
    }

    private static Map<String, String> metadata(UpnessBlockId id, List<UpnessRun> runs) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("block.format", "1");
        metadata.put("block.level", "L0");
        metadata.put("block.cell", id.cell());
        metadata.put("block.host", id.host());
        metadata.put("block.start_ms", Long.toString(id.range().startMs()));
        metadata.put("block.end_ms", Long.toString(id.range().endMs()));
        metadata.put(
                "block.watched_ms",
                Long.toString(runs.stream().mapToLong(r -> r.untilMs() - r.fromMs()).sum()));
        return metadata;
    }

    private record Row(UpnessEntry entry, int run) {}

    private static final class Rows {
        private final UpnessBlockId id;
        private final EventFile file;

        Rows(UpnessBlockId id, EventFile file) {
            this.id = id;
            this.file = file;
        }

        void write(List<UpnessRun> runs) {
            List<Row> changes = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                UpnessRun run = runs.get(i);
                watch(run, i);
                for (UpnessEntry entry : run.entries()) {
                    changes.add(new Row(entry, i));
                }
            }
            changes.sort(ROWS);
            changes.forEach(row -> change(row.entry, row.run, runs.get(row.run)));
        }

        private void watch(UpnessRun run, int number) {
            text(UpnessColumns.KIND, "watch");
            time(UpnessColumns.TIME, run.fromMs());
            time(UpnessColumns.DECIDED_AT, run.untilMs());
            column(UpnessColumns.UNTIL).write(run.untilMs() * MICROS_PER_MS, 0, 1);
            text(UpnessColumns.CELL, run.cell());
            text(UpnessColumns.HOST, run.observer());
            for (String name :
                    List.of(
                            UpnessColumns.ZONE,
                            UpnessColumns.RACK,
                            UpnessColumns.JOB,
                            UpnessColumns.INSTANCE,
                            UpnessColumns.FROM,
                            UpnessColumns.TO)) {
                optional(name, "");
            }
            optional(UpnessColumns.CAUSE, run.cut() ? "cut" : "");
            optional(UpnessColumns.REASON, "");
            optional(UpnessColumns.PROVENANCE, "");
            column(UpnessColumns.VERSION).write(0L, 0, 0);
            witnesses(List.of());
            end(run, number);
        }

        private void change(UpnessEntry entry, int number, UpnessRun run) {
            boolean held =
                    entry.decidedMs() < Math.max(run.fromMs(), id.range().startMs())
                            && entry.untilMs() == 0;
            text(UpnessColumns.KIND, held ? "held" : "change");
            time(UpnessColumns.TIME, entry.atMs());
            time(UpnessColumns.DECIDED_AT, entry.decidedMs());
            if (entry.untilMs() == 0) {
                column(UpnessColumns.UNTIL).writeNull(0, 0);
            } else {
                column(UpnessColumns.UNTIL).write(entry.untilMs() * MICROS_PER_MS, 0, 1);
            }
            text(UpnessColumns.CELL, entry.target().cell());
            text(UpnessColumns.HOST, entry.target().host());
            optional(UpnessColumns.ZONE, entry.zone());
            optional(UpnessColumns.RACK, entry.rack());
            optional(UpnessColumns.JOB, entry.target().job());
            optional(UpnessColumns.INSTANCE, entry.target().instance());
            optional(UpnessColumns.FROM, entry.from().label());
            optional(UpnessColumns.TO, entry.to().label());
            optional(UpnessColumns.CAUSE, entry.cause());
            optional(UpnessColumns.REASON, entry.reason());
            optional(UpnessColumns.PROVENANCE, entry.provenance().label());
            column(UpnessColumns.VERSION).write(entry.version(), 0, 0);
            witnesses(entry.witnesses());
            end(run, number);
        }

        private void end(UpnessRun run, int number) {
            text(UpnessColumns.OBSERVER, run.observer());
            column(UpnessColumns.INCARNATION).write(run.incarnation(), 0, 0);
            column(UpnessColumns.RUN).write(number, 0, 0);
            file.endRow();
        }

        private void witnesses(List<String> witnesses) {
            ColumnWriter column = column(UpnessColumns.WITNESS);
            if (witnesses.isEmpty()) {
                column.writeNull(0, 0);
            }
            for (int i = 0; i < witnesses.size(); i++) {
                column.write(Binary.fromString(witnesses.get(i)), i == 0 ? 0 : 1, 1);
            }
        }

        private void text(String column, String value) {
            column(column).write(Binary.fromString(value), 0, 0);
        }

        private void optional(String column, String value) {
            if (value.isEmpty()) {
                column(column).writeNull(0, 0);
            } else {
                column(column).write(Binary.fromString(value), 0, 1);
            }
        }

        private void time(String column, long ms) {
            column(column).write(ms * MICROS_PER_MS, 0, 0);
        }

        private ColumnWriter column(String path) {
            return file.column(path);
        }
    }
}
