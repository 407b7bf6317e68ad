package dev.muster.blocks.read;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.schema.AlertsColumns;
import dev.muster.blocks.schema.SeriesFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Reads a file of the table `alerts` that lies in memory. Confined to one thread.
public final class AlertsFileReader {
    private static final long MICROS_PER_MS = 1000;

    private final Map<String, ColumnChunk> columns = new HashMap<>();

    /// Columns with several values for a row whose next value is looked at already.
    private final Set<String> left = new HashSet<>();

    private AlertsFileReader() {}

    /// The rows of a file, in its order.
    ///
    /// @throws IOException if the file is damaged
    public static List<AlertRow> read(byte[] file) throws IOException {
        List<AlertRow> rows = new ArrayList<>();
        SeriesFile.check(file);
        try {
            for (Footer.Group group : Footer.of(file).groups()) {
                var reader = new AlertsFileReader();
                reader.open(file, group);
                for (long row = 0; row < group.rows(); row++) {
                    rows.add(reader.row());
                }
            }
            return rows;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DamagedBlockException("alerts file: must be sound: " + e);
        }
    }

    private void open(byte[] file, Footer.Group group) throws IOException {
        for (Map.Entry<String, Footer.Column> found : group.columns().entrySet()) {
            String[] path = found.getKey().split("\\.", -1);
            if (AlertsColumns.SCHEMA.containsPath(path)) {
                columns.put(
                        found.getKey(),
                        new ColumnChunk(
                                file,
                                found.getValue(),
                                AlertsColumns.SCHEMA.getColumnDescription(path)));
            }
        }
        for (String name :
                List.of(
                        AlertsColumns.LABEL_NAME,
                        AlertsColumns.LABEL_VALUE,
                        AlertsColumns.ANNOTATION_NAME,
                        AlertsColumns.ANNOTATION_VALUE,
                        AlertsColumns.FIRING,
                        AlertsColumns.RESOLVED,
                        AlertsColumns.MATCHER)) {
            if (column(name).next()) {
                left.add(name);
            }
        }
    }

    private AlertRow row() throws IOException {
        Cells cells = new Cells();
        return switch (cells.kind) {
            case "alert" ->
                    new AlertRow.Transition(
                            cells.atMs,
                            AlertRow.State.valueOf(cells.event),
                            number(cells.fingerprint),
                            cells.labels,
                            cells.annotations,
                            cells.startsMs,
                            cells.value,
                            cells.share,
                            cells.reason,
                            cells.source);
            case "notification" ->
                    new AlertRow.Notified(
                            cells.atMs,
                            cells.node,
                            AlertRow.Outcome.valueOf(cells.event),
                            cells.groupKey,
                            cells.labels,
                            cells.receiver,
                            cells.integration,
                            cells.index,
                            numbers(cells.firing),
                            numbers(cells.resolved),
                            cells.attempts,
                            cells.maybeDuplicate,
                            cells.latencyMs,
                            cells.reason);
            case "silence" ->
                    new AlertRow.Silenced(
                            cells.atMs,
                            cells.node,
                            AlertRow.Change.valueOf(cells.event),
                            cells.silence,
                            cells.acknowledgement,
                            cells.matchers,
                            cells.startsMs,
                            cells.endsMs,
                            cells.createdBy,
                            cells.comment);
            default ->
                    throw new DamagedBlockException(
                            "alerts file: kind must be known: found=" + cells.kind);
        };
    }

    /// The cells of the next row.
    private final class Cells {
        private final String kind = text(AlertsColumns.KIND);
        private final long atMs = time(AlertsColumns.TIME);
        private final String event = text(AlertsColumns.EVENT).toUpperCase(Locale.ROOT);
        private final String node = text(AlertsColumns.NODE);
        private final String fingerprint = text(AlertsColumns.FINGERPRINT);
        private final SortedMap<String, String> labels =
                words(AlertsColumns.LABEL_NAME, AlertsColumns.LABEL_VALUE);
        private final SortedMap<String, String> annotations =
                words(AlertsColumns.ANNOTATION_NAME, AlertsColumns.ANNOTATION_VALUE);
        private final long startsMs = time(AlertsColumns.STARTS_AT);
        private final long endsMs = time(AlertsColumns.ENDS_AT);
        private final double value = float64(AlertsColumns.VALUE);
        private final double share = float64(AlertsColumns.SHARE);
        private final String reason = text(AlertsColumns.REASON);
        private final String source = text(AlertsColumns.SOURCE);
        private final String receiver = text(AlertsColumns.RECEIVER);
        private final String integration = text(AlertsColumns.INTEGRATION);
        private final int index = int32(AlertsColumns.INTEGRATION_INDEX);
        private final String groupKey = text(AlertsColumns.GROUP_KEY);
        private final List<String> firing = texts(AlertsColumns.FIRING);
        private final List<String> resolved = texts(AlertsColumns.RESOLVED);
        private final int attempts = int32(AlertsColumns.ATTEMPTS);
        private final boolean maybeDuplicate = flag(AlertsColumns.MAYBE_DUPLICATE);
        private final long latencyMs = int64(AlertsColumns.LATENCY);
        private final String silence = text(AlertsColumns.SILENCE);
        private final boolean acknowledgement = flag(AlertsColumns.ACKNOWLEDGEMENT);
        private final List<String> matchers = texts(AlertsColumns.MATCHER);
        private final String createdBy = text(AlertsColumns.CREATED_BY);
        private final String comment = text(AlertsColumns.COMMENT);

        private Cells() throws IOException {}
    }

    private static long number(String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }

    private static List<Long> numbers(List<String> all) {
        return all.stream().map(AlertsFileReader::number).toList();
    }

    private String text(String name) throws IOException {
        ColumnChunk column = next(name);
        return column.present() ? column.text() : "";
    }

    private long int64(String name) throws IOException {
        ColumnChunk column = next(name);
        return column.present() ? column.int64() : 0;
    }

    private long time(String name) throws IOException {
        return int64(name) / MICROS_PER_MS;
    }

    private int int32(String name) throws IOException {
        ColumnChunk column = next(name);
        return column.present() ? column.int32() : 0;
    }

    private double float64(String name) throws IOException {
        ColumnChunk column = next(name);
        return column.present() ? column.float64() : Double.NaN;
    }

    private boolean flag(String name) throws IOException {
        ColumnChunk column = next(name);
        return column.present() && column.flag();
    }

    private List<String> texts(String name) throws IOException {
        List<String> texts = new ArrayList<>();
        eachOfRow(name, column -> texts.add(column.text()));
        return texts;
    }

    private SortedMap<String, String> words(String nameColumn, String valueColumn)
            throws IOException {
        List<String> names = texts(nameColumn);
        List<String> values = texts(valueColumn);
        if (names.size() != values.size()) {
            throw new DamagedBlockException("alerts file: each name must have a value");
        }
        SortedMap<String, String> words = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            words.put(names.get(i), values.get(i));
        }
        return words;
    }

    private void eachOfRow(String name, Consumer<ColumnChunk> value) throws IOException {
        ColumnChunk column = column(name);
        boolean first = true;
        while (left.contains(name) && (first || column.repeats())) {
            first = false;
            if (column.present()) {
                value.accept(column);
            }
            if (!column.next()) {
                left.remove(name);
            }
        }
    }

    private ColumnChunk next(String name) throws IOException {
        ColumnChunk column = column(name);
        if (!column.next()) {
            throw new DamagedBlockException("alerts file: column must not end: name=" + name);
        }
        return column;
    }

    private ColumnChunk column(String name) throws DamagedBlockException {
        ColumnChunk column = columns.get(name);
        if (column == null) {
            throw new DamagedBlockException("alerts file: must have the column: name=" + name);
        }
        return column;
    }
}
