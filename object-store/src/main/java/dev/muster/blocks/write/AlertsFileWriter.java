package dev.muster.blocks.write;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.schema.AlertsBlockId;
import dev.muster.blocks.schema.AlertsColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/// Writes a file of the table `alerts`. Confined to one thread.
///
/// The same rows give the same bytes, in whichever order they come.
public final class AlertsFileWriter {
    private static final MessageType SCHEMA = AlertsColumns.SCHEMA;
    private static final long MICROS_PER_MS = 1000;
    private static final ParquetProperties PROPERTIES =
            EventFile.properties(AlertsColumns.TIME, AlertsColumns.ID);

    private AlertsFileWriter() {}

    /// The file of these rows.
    ///
    /// @param scratch a file that is made and deleted
    public static byte[] write(AlertsBlockId id, List<AlertRow> rows, Path scratch)
            throws IOException {
        List<AlertRow> sorted = rows.stream().sorted(AlertRow.ORDER).toList();
        return EventFile.write(
                SCHEMA,
                PROPERTIES,
                metadata(id),
                scratch,
                file -> sorted.forEach(new Rows(file)::row));
    }

    private static Map<String, String> metadata(AlertsBlockId id) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("block.format", "1");
        metadata.put("block.level", "L0");
        metadata.put("block.start_ms", Long.toString(id.range().startMs()));
        metadata.put("block.end_ms", Long.toString(id.range().endMs()));
        metadata.put("block.number", Integer.toString(id.number()));
        return metadata;
    }

    /// What a row says nothing of is NULL, or empty.
    private static final class Rows {
        private final EventFile file;
        private final Set<String> said = new HashSet<>();

        Rows(EventFile file) {
            this.file = file;
        }

        void row(AlertRow row) {
            said.clear();
            said(AlertsColumns.TIME).write(row.atMs() * MICROS_PER_MS, 0, 0);
            said(AlertsColumns.ID).write(row.id(), 0, 0);
            switch (row) {
                case AlertRow.Transition transition -> transition(transition);
                case AlertRow.Notified notified -> notified(notified);
                case AlertRow.Silenced silenced -> silenced(silenced);
            }
            for (ColumnDescriptor column : SCHEMA.getColumns()) {
                String path = String.join(".", column.getPath());
                if (!said.contains(path)) {
                    file.column(path).writeNull(0, 0);
                }
            }
            file.endRow();
        }

        private void transition(AlertRow.Transition row) {
            begin("alert", row.state());
            text(AlertsColumns.ALERT_NAME, row.labels().getOrDefault("alertname", ""));
            text(AlertsColumns.SEVERITY, row.labels().getOrDefault("severity", ""));
            text(AlertsColumns.FINGERPRINT, hex(row.fingerprint()));
            words(AlertsColumns.LABEL_NAME, AlertsColumns.LABEL_VALUE, row.labels());
            words(AlertsColumns.ANNOTATION_NAME, AlertsColumns.ANNOTATION_VALUE, row.annotations());
            time(AlertsColumns.STARTS_AT, row.startsMs());
            if (row.state() == AlertRow.State.RESOLVED) {
                time(AlertsColumns.ENDS_AT, row.atMs());
            }
            number(AlertsColumns.VALUE, row.value());
            number(AlertsColumns.SHARE, row.share());
            text(AlertsColumns.REASON, row.reason());
            text(AlertsColumns.SOURCE, row.source());
        }

        private void notified(AlertRow.Notified row) {
            begin("notification", row.outcome());
            text(AlertsColumns.NODE, row.node());
            words(AlertsColumns.LABEL_NAME, AlertsColumns.LABEL_VALUE, row.groupLabels());
            text(AlertsColumns.REASON, row.reason());
            text(AlertsColumns.RECEIVER, row.receiver());
            text(AlertsColumns.INTEGRATION, row.integration());
            said(AlertsColumns.INTEGRATION_INDEX).write(row.index(), 0, 1);
            text(AlertsColumns.GROUP_KEY, row.groupKey());
            texts(AlertsColumns.FIRING, row.firing().stream().map(Rows::hex).toList());
            texts(AlertsColumns.RESOLVED, row.resolved().stream().map(Rows::hex).toList());
            said(AlertsColumns.ATTEMPTS).write(row.attempts(), 0, 1);
            said(AlertsColumns.MAYBE_DUPLICATE).write(row.maybeDuplicate(), 0, 1);
            said(AlertsColumns.LATENCY).write(row.latencyMs(), 0, 1);
        }

        private void silenced(AlertRow.Silenced row) {
            begin("silence", row.change());
            text(AlertsColumns.NODE, row.node());
            time(AlertsColumns.STARTS_AT, row.startsMs());
            time(AlertsColumns.ENDS_AT, row.endsMs());
            text(AlertsColumns.SILENCE, row.silence());
            said(AlertsColumns.ACKNOWLEDGEMENT).write(row.acknowledgement(), 0, 1);
            texts(AlertsColumns.MATCHER, row.matchers());
            text(AlertsColumns.CREATED_BY, row.createdBy());
            text(AlertsColumns.COMMENT, row.comment());
        }

        private void begin(String kind, Enum<?> event) {
            said(AlertsColumns.KIND).write(Binary.fromString(kind), 0, 0);
            said(AlertsColumns.EVENT)
                    .write(Binary.fromString(event.name().toLowerCase(Locale.ROOT)), 0, 0);
        }

        private static String hex(long fingerprint) {
            return "%016x".formatted(fingerprint);
        }

        private void text(String column, String value) {
            if (!value.isEmpty()) {
                said(column).write(Binary.fromString(value), 0, 1);
            }
        }

        private void number(String column, double value) {
            if (!Double.isNaN(value)) {
                said(column).write(value, 0, 1);
            }
        }

        private void time(String column, long ms) {
            said(column).write(ms * MICROS_PER_MS, 0, 1);
        }

        private void words(String nameColumn, String valueColumn, SortedMap<String, String> all) {
            int repetition = 0;
            for (Map.Entry<String, String> each : all.entrySet()) {
                said(nameColumn).write(Binary.fromString(each.getKey()), repetition, 1);
                said(valueColumn).write(Binary.fromString(each.getValue()), repetition, 1);
                repetition = 1;
            }
        }

        private void texts(String column, List<String> all) {
            for (int i = 0; i < all.size(); i++) {
                said(column).write(Binary.fromString(all.get(i)), i == 0 ? 0 : 1, 1);
            }
        }

        private ColumnWriter said(String path) {
            said.add(path);
            return file.column(path);
        }
    }
}
