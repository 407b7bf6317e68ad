package dev.muster.blocks.read;

import dev.muster.blocks.schema.SeriesFile;
import dev.muster.blocks.schema.UpnessColumns;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads a file of the table `upness` that lies in memory. Confined to one thread.
public final class UpnessFileReader {
    private static final long MICROS_PER_MS = 1000;

    private final Map<String, ColumnChunk> columns = new HashMap<>();
    private final Map<String, String> shared = new HashMap<>();
    private final Map<Integer, UpnessRun> watches = new HashMap<>();
    private final Map<Integer, List<UpnessEntry>> entries = new HashMap<>();
    private boolean witnessLeft;

    private UpnessFileReader() {}

    /// The runs of a file.
    ///
    /// @throws IOException if the file is damaged
    public static List<UpnessRun> read(byte[] file) throws IOException {
        SeriesFile.check(file);
        Footer footer = Footer.of(file);
        var reader = new UpnessFileReader();
        try {
            for (Footer.Group group : footer.groups()) {
                reader.read(file, group);
            }
            return reader.runs();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DamagedBlockException("upness file: must be sound: " + e);
        }
    }

    private void read(byte[] file, Footer.Group group) throws IOException {
        columns.clear();
        for (Map.Entry<String, Footer.Column> found : group.columns().entrySet()) {
            String[] path = found.getKey().split("\\.", -1);
            if (UpnessColumns.SCHEMA.containsPath(path)) {
                columns.put(
                        found.getKey(),
                        new ColumnChunk(
                                file,
                                found.getValue(),
                                UpnessColumns.SCHEMA.getColumnDescription(path)));
            }
        }
        witnessLeft = column(UpnessColumns.WITNESS).next();
        for (long row = 0; row < group.rows(); row++) {
            row();
        }
    }

    private void row() throws IOException {
        String kind = text(UpnessColumns.KIND);
        long atMs = int64(UpnessColumns.TIME) / MICROS_PER_MS;
        long decidedMs = int64(UpnessColumns.DECIDED_AT) / MICROS_PER_MS;
        ColumnChunk until = next(UpnessColumns.UNTIL);
        long untilMs = until.present() ? until.int64() / MICROS_PER_MS : 0;
        String cell = text(UpnessColumns.CELL);
        String host = text(UpnessColumns.HOST);
        String zone = text(UpnessColumns.ZONE);
        String rack = text(UpnessColumns.RACK);
        String job = text(UpnessColumns.JOB);
        String instance = text(UpnessColumns.INSTANCE);
        var from = UpnessState.of(text(UpnessColumns.FROM));
        var to = UpnessState.of(text(UpnessColumns.TO));
        String cause = text(UpnessColumns.CAUSE);
        String reason = text(UpnessColumns.REASON);
        var provenance = UpnessProvenance.of(text(UpnessColumns.PROVENANCE));
        long version = int64(UpnessColumns.VERSION);
        List<String> witnesses = witnesses();
        String observer = text(UpnessColumns.OBSERVER);
        long incarnation = int64(UpnessColumns.INCARNATION);
        int run = next(UpnessColumns.RUN).int32();
        if (kind.equals("watch")) {
            watches.put(
                    run,
                    new UpnessRun(
                            cell,
                            observer,
                            incarnation,
                            atMs,
                            untilMs,
                            cause.equals("cut"),
                            List.of()));
        } else {
            entries.computeIfAbsent(run, _ -> new ArrayList<>())
                    .add(
                            new UpnessEntry(
                                    new UpnessTarget(cell, host, job, instance),
                                    zone,
                                    rack,
                                    atMs,
                                    decidedMs,
                                    untilMs,
                                    from,
                                    to,
                                    cause,
                                    reason,
                                    provenance,
                                    version,
                                    witnesses));
        }
    }

    private List<UpnessRun> runs() throws DamagedBlockException {
        if (!watches.keySet().containsAll(entries.keySet())) {
            throw new DamagedBlockException("upness file: every run must have a row of kind watch");
        }
        List<UpnessRun> runs = new ArrayList<>();
        watches.forEach((number, watch) ->
                runs.add(
                        new UpnessRun(
                                watch.cell(),
                                watch.observer(),
                                watch.incarnation(),
                                watch.fromMs(),
                                watch.untilMs(),
                                watch.cut(),
                                entries.getOrDefault(number, List.of()))));
        return runs;
    }

    private List<String> witnesses() throws IOException {
        ColumnChunk column = column(UpnessColumns.WITNESS);
        List<String> witnesses = new ArrayList<>();
        boolean first = true;
        while (witnessLeft && (first || column.repeats())) {
            first = false;
            if (column.present()) {
                witnesses.add(shared(column.text()));
            }
            witnessLeft = column.next();
        }
        return witnesses;
    }

    private String text(String name) throws IOException {
        ColumnChunk column = next(name);
        return column.present() ? shared(column.text()) : "";
    }

    private String shared(String text) {
        String known = shared.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    private long int64(String name) throws IOException {
        return next(name).int64();
    }

    private ColumnChunk next(String name) throws IOException {
        ColumnChunk column = column(name);
        if (!column.next()) {
            throw new DamagedBlockException("upness file: column must not end: name=" + name);
        }
        return column;
    }

    private ColumnChunk column(String name) throws DamagedBlockException {
        ColumnChunk column = columns.get(name);
        if (column == null) {
            throw new DamagedBlockException("upness file: must have the column: name=" + name);
        }
        return column;
    }
}
