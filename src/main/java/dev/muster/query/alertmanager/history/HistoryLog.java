package dev.muster.query.alertmanager.history;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.model.time.TimeRange;
import dev.muster.query.alertmanager.state.StateCodec;
import dev.muster.query.alertmanager.state.StateRecord;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Rows on the disk, a file for each window; drawn in `docs/format/alerts.md`. A row is there once.
/// Thread-safe.
public final class HistoryLog implements AutoCloseable {
    /*
     * What is appended survives the end of the process at once, and that of the machine a second later. A tail that is no whole
     * record is what was under way when the machine ended: it is cut off when the file is opened.
     */
    private static final System.Logger LOG = System.getLogger(HistoryLog.class.getName());
    private static final byte[] MAGIC = "MUSTALH1".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NAME = Pattern.compile("(\\d{1,15})-(\\d{1,15})\\.rows");
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path directory;
    private final HistoryConfig config;
    private final HistoryMetrics metrics;
    private final SortedMap<Long, Segment> segments = new TreeMap<>();
    private boolean failing;
    private boolean closed;

    /// The file of a window.
    private static final class Segment {
        private final TimeRange range;
        private final Path path;
        private final RandomAccessFile file;
        private final LongSet ids = new LongSet();
        private boolean dirty;

        Segment(TimeRange range, Path path) throws IOException {
            this.range = range;
            this.path = path;
            file = new RandomAccessFile(path.toFile(), "rw");
        }
    }

    private HistoryLog(Path directory, HistoryConfig config, HistoryMetrics metrics) {
        this.directory = directory;
        this.config = config;
        this.metrics = metrics;
    }

    /// Opens what a directory holds, which is made if need be.
    ///
    /// @throws IOException if it cannot be read or written
    public static HistoryLog open(Path directory, HistoryConfig config, HistoryMetrics metrics)
            throws IOException {
        Files.createDirectories(directory);
        var log = new HistoryLog(directory, config, metrics);
        List<Path> found;
        try (Stream<Path> files = Files.list(directory)) {
            found = files.sorted().toList();
        }
        for (Path path : found) {
            Matcher name = NAME.matcher(path.getFileName().toString());
            if (name.matches()) {
                log.reopen(
                        path,
                        new TimeRange(
                                Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
            }
        }
        metrics.register(log);
        return log;
    }

    private void reopen(Path path, TimeRange range) throws IOException {
        Segment segment = new Segment(range, path);
        long whole = read(path, row -> segment.ids.add(row.id()));
        long left = segment.file.length() - whole;
        if (left > 0) {
            metrics.damaged(left);
            LOG.log(
                    System.Logger.Level.WARNING,
                    () ->
                            "history of alerts ends in no record, cut off: path="
                                    + path
                                    + " cutBytes="
                                    + left);
            segment.file.setLength(whole);
        }
        begin(segment);
    }

    private void begin(Segment segment) throws IOException {
        if (segment.file.length() == 0) {
            segment.file.write(MAGIC);
        }
        segment.file.seek(segment.file.length());
        segments.put(segment.range.startMs(), segment);
    }

    /// @return how many bytes are whole records
    private static long read(Path path, Consumer<AlertRow> to) throws IOException {
        try (var in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES))) {
            byte[] magic = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                return 0;
            }
            long whole = MAGIC.length;
            try {
                StateRecord record = StateCodec.read(in);
                while (record != null) {
                    if (record instanceof StateRecord.OfRow(var row)) {
                        to.accept(row);
                    }
                    whole += StateCodec.framed(record).length;
                    record = StateCodec.read(in);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "history ends in the middle of a record", e);
            }
            return whole;
        }
    }

    /// Appends a row unless it is there.
    ///
    /// @return whether it was not
    public synchronized boolean append(AlertRow row) {
        if (closed) {
            return false;
        }
        try {
            Segment segment = segment(row.atMs());
            if (segment.ids.contains(row.id())) {
                return false;
            }
            segment.file.write(StateCodec.framed(new StateRecord.OfRow(row)));
            segment.ids.add(row.id());
            segment.dirty = true;
            metrics.written();
            failing = false;
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void failed(IOException e) {
        metrics.failed();
        if (!failing) {
            LOG.log(System.Logger.Level.ERROR, "history of alerts cannot be written", e);
        }
        failing = true;
    }

    /// The file of the window of a time; made if there is none.
    private Segment segment(long ms) throws IOException {
        TimeRange range = window(ms);
        Segment segment = segments.get(range.startMs());
        if (segment == null) {
            Path path = directory.resolve("%d-%d.rows".formatted(range.startMs(), range.endMs()));
            segment = new Segment(range, path);
            begin(segment);
        }
        return segment;
    }

    /// The window of a time.
    TimeRange window(long ms) {
        long lengthMs = config.window().toMillis();
        long startMs = Math.floorDiv(ms, lengthMs) * lengthMs;
        return new TimeRange(startMs, startMs + lengthMs);
    }

    /// Sees to it that there is a file for now, so that a later run knows that this one was there.
    synchronized void touch(long nowMs) {
        try {
            if (!closed) {
                var _ = segment(nowMs);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /// When the oldest window begins that is not in the table yet; empty if there is none.
    public synchronized Optional<Long> oldestMs() {
        return segments.isEmpty() ? Optional.empty() : Optional.of(segments.firstKey());
    }

    /// Windows that have a file, the oldest first.
    synchronized List<TimeRange> windows() {
        return segments.values().stream().map(segment -> segment.range).toList();
    }

    /// Hands the rows of a window over.
    void rows(TimeRange window, Consumer<AlertRow> to) throws IOException {
        Path path;
        synchronized (this) {
            Segment segment = segments.get(window.startMs());
            if (segment == null) {
                return;
            }
            path = segment.path;
        }
        var _ = read(path, to);
    }

    /// The rows of a range, in order.
    public List<AlertRow> rows(long fromMs, long toMs) throws IOException {
        List<AlertRow> rows = new ArrayList<>();
        for (TimeRange window : windows()) {
            if (window.endMs() > fromMs && window.startMs() < toMs) {
                rows(
                        window,
                        row -> {
                            if (row.atMs() >= fromMs && row.atMs() < toMs) {
                                rows.add(row);
                            }
                        });
            }
        }
        rows.sort(AlertRow.ORDER);
        return rows;
    }

    synchronized int count(TimeRange window) {
        Segment segment = segments.get(window.startMs());
        return segment == null ? 0 : segment.ids.size();
    }

    /// Forgets a window, unless it has got more rows than were seen.
    ///
    /// @return whether it is gone
    synchronized boolean drop(TimeRange window, int seen) {
        Segment segment = segments.get(window.startMs());
        if (segment == null || segment.ids.size() > seen) {
            return segment == null;
        }
        try {
            segments.remove(window.startMs());
            segment.file.close();
            Files.deleteIfExists(segment.path);
        } catch (IOException e) {
            failed(e);
        }
        return true;
    }

    /// Brings all to the disk, and drops the oldest windows where there is too much.
    synchronized void tick() {
        try {
            for (Segment segment : segments.values()) {
                if (segment.dirty) {
                    segment.file.getFD().sync();
                    segment.dirty = false;
                }
            }
            while (sizeBytes() > config.limitBytes() && segments.size() > 1) {
                Segment oldest = segments.get(segments.firstKey());
                int rows = oldest == null ? 0 : oldest.ids.size();
                metrics.dropped(rows);
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "history of alerts is over its limit, dropped rows=" + rows);
                if (oldest != null) {
                    var _ = drop(oldest.range, rows);
                }
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    synchronized long sizeBytes() {
        long bytes = 0;
        for (Segment segment : segments.values()) {
            try {
                bytes += segment.file.length();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "size cannot be told", e);
            }
        }
        return bytes;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            tick();
            closed = true;
            for (Segment segment : segments.values()) {
                try {
                    segment.file.close();
                } catch (IOException e) {
                    failed(e);
                }
            }
        }
    }
}
