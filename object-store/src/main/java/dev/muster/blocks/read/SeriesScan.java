package dev.muster.blocks.read;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesColumns;
import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.SeriesPlace;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of a series file that lies in memory, one after another. Confined to one thread.
final class SeriesScan {
    private static final long MICROS_PER_MS = 1_000;

    private final byte[] file;
    private final Footer footer;
    private final BlockMetadata metadata;
    private final String blockHost;
    private int nextGroup;
    private @Nullable Group group;
    private @Nullable Row row;
    private long histRow;

    SeriesScan(byte[] file, BlockEntry entry) throws IOException {
        this.file = file;
        SeriesFile.check(file);
        footer = Footer.of(file);
        metadata = BlockMetadata.of(footer.pairs());
        if (!metadata.id().equals(entry.id())) {
            throw new DamagedBlockException(
                    "series file: must be of its block: found=" + metadata.id().describe());
        }
        blockHost = entry.id().host();
    }

    BlockMetadata metadata() {
        return metadata;
    }

    Map<String, String> pairs() {
        return footer.pairs();
    }

    private record Row(
            SeriesPlace place, MetricMetadata described, String agent, SeriesSpan span) {}

    /// Moves to the next row; false at the end.
    boolean next() throws IOException {
        while (group == null || group.left == 0) {
            if (nextGroup == footer.groups().size()) {
                return false;
            }
            group = new Group(footer.groups().get(nextGroup++));
        }
        row = group.row();
        return true;
    }

    private Row row() {
        Row current = row;
        if (current == null) {
            throw new IllegalStateException("next must come first");
        }
        return current;
    }

    SeriesPlace place() {
        return row().place;
    }

    MetricMetadata described() {
        return row().described;
    }

    String agent() {
        return row().agent;
    }

    SeriesSpan span() {
        return row().span;
    }

    /// A column of texts, of which equal ones become one string.
    private static final class Texts {
        private final @Nullable ColumnChunk column;
        private final List<String> texts = new ArrayList<>();

        Texts(@Nullable ColumnChunk column) {
            this.column = column;
        }

        boolean next() throws IOException {
            return column != null && column.next();
        }

        boolean present() {
            return column != null && column.present();
        }

        boolean repeats() {
            return column != null && column.repeats();
        }

        String text() {
            ColumnChunk of = column;
            if (of == null) {
                throw new IllegalStateException("column must be there");
            }
            return texts.get(
                    of.number(text -> {
                        texts.add(text);
                        return texts.size() - 1;
                    }));
        }

        String next(String otherwise) throws IOException {
            return next() && present() ? text() : otherwise;
        }
    }

    /// The columns of one row group, all at the same row.
    private final class Group {
        private final Texts type;
        private final Texts unit;
        private final Texts help;
        private final Texts agent;
        private final Texts name;
        private final Texts value;
        private final ColumnChunk rowStart;
        private final ColumnChunk rowCount;
        private final ColumnChunk minTime;
        private final ColumnChunk maxTime;
        private final @Nullable ColumnChunk histRowStart;
        private final @Nullable ColumnChunk histRowCount;
        private final @Nullable ColumnChunk start;
        private final @Nullable ColumnChunk startChanges;
        private boolean labelsLeft;
        private long left;

        Group(Footer.Group of) throws IOException {
            SeriesGroup columns = new SeriesGroup(file, of);
            left = of.rows();
            type = new Texts(columns.column(SeriesColumns.TYPE));
            unit = new Texts(columns.column(SeriesColumns.UNIT));
            help = new Texts(columns.columnIfThere(SeriesColumns.HELP));
            agent = new Texts(columns.columnIfThere(SeriesColumns.AGENT));
            name = new Texts(columns.column(SeriesColumns.LABEL_NAME));
            value = new Texts(columns.column(SeriesColumns.LABEL_VALUE));
            rowStart = columns.column(SeriesColumns.ROW_START);
            rowCount = columns.column(SeriesColumns.ROW_COUNT);
            minTime = columns.column(SeriesColumns.MIN_TIME);
            maxTime = columns.column(SeriesColumns.MAX_TIME);
            histRowStart = columns.columnIfThere(SeriesColumns.HIST_ROW_START);
            histRowCount = columns.columnIfThere(SeriesColumns.HIST_ROW_COUNT);
            start = columns.columnIfThere(SeriesColumns.START_TIME);
            startChanges = columns.columnIfThere(SeriesColumns.START_CHANGES);
            labelsLeft = name.next() & value.next();
        }

        Row row() throws IOException {
            left--;
            type.next();
            MetricType ofType = MetricType.of(type.text());
            String ofUnit = unit.next("");
            String ofHelp = help.next("");
            String ofAgent = agent.next(blockHost);
            Labels labels = labels();
            boolean plain = ofType == MetricType.UNKNOWN && ofUnit.isEmpty() && ofHelp.isEmpty();
            return new Row(
                    SeriesPlace.of(labels, ofAgent),
                    plain ? MetricMetadata.NONE : new MetricMetadata(ofType, ofUnit, ofHelp),
                    ofAgent,
                    span());
        }

        private Labels labels() throws IOException {
            List<String> pairs = new ArrayList<>();
            boolean first = true;
            while (labelsLeft && (first || name.repeats())) {
                first = false;
                if (name.present()) {
                    pairs.add(name.text());
                    pairs.add(value.text());
                }
                labelsLeft = name.next() & value.next();
            }
            return Labels.of(pairs.toArray(String[]::new));
        }

        private SeriesSpan span() throws IOException {
            rowStart.next();
            rowCount.next();
            minTime.next();
            maxTime.next();
            boolean hasHistStart = histRowStart != null && present(histRowStart);
            boolean hasHist = histRowCount != null && present(histRowCount);
            long histStart = hasHistStart && histRowStart != null ? histRowStart.int64() : histRow;
            int histCount = hasHist && histRowCount != null ? histRowCount.int32() : 0;
            histRow = histStart + histCount;
            long startMs =
                    start != null && present(start)
                            ? Math.floorDiv(start.int64(), MICROS_PER_MS)
                            : 0;
            int changes = startChanges != null && present(startChanges) ? startChanges.int32() : -1;
            return new SeriesSpan(
                    rowStart.int64(),
                    rowCount.int32(),
                    histCount == 0 ? 0 : histStart,
                    histCount,
                    Math.floorDiv(minTime.int64(), MICROS_PER_MS),
                    Math.floorDiv(maxTime.int64(), MICROS_PER_MS),
                    startMs,
                    changes);
        }

        private static boolean present(ColumnChunk column) throws IOException {
            return column.next() && column.present();
        }
    }
}
