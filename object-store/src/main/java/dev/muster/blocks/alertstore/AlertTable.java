package dev.muster.blocks.alertstore;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.read.AlertsFileReader;
import dev.muster.blocks.schema.AlertsBlockId;
import dev.muster.blocks.write.AlertsFileWriter;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The table `alerts` of a bucket. Thread-safe.
public final class AlertTable {
    /*
     * The files of a window are a chain of commits: number n is put only if there is no n yet, by somebody who has read 0 to n-1 and
     * leaves out the rows that are there. So whoever writes, in whichever order, and however often he is killed and begins anew,
     * each row is in one file.
     */
    private static final int BYTES_LIMIT = 256 << 20;

    private final Bucket bucket;
    private final Path scratch;

    /// Rows of a window that are to be added, in pieces of a size that memory allows.
    @FunctionalInterface
    public interface Pieces {
        /// Hands over rows that are wanted, piece by piece.
        ///
        /// @param wanted whether the row of a number is wanted
        void each(Predicate<Long> wanted, Taker taker) throws IOException;
    }

    /// Takes a piece.
    @FunctionalInterface
    public interface Taker {
        /// Returns once the rows are in the table.
        void take(List<AlertRow> rows) throws IOException;
    }

    /// @param scratch a directory for files that are made and deleted
    public AlertTable(Bucket bucket, Path scratch) {
        this.bucket = bucket;
        this.scratch = scratch;
    }

    /// Adds to a window what it has not.
    ///
    /// @return how many rows were added
    /// @throws IOException if the store fails; what was added until then stays, and to begin anew
    ///   does no harm
    public int add(TimeRange window, Pieces pieces) throws IOException {
        var chain = new Chain(window);
        chain.readOn();
        pieces.each(id -> !chain.known.contains(id), chain::put);
        return chain.added;
    }

    /// The files of a window that were put so far.
    private final class Chain {
        private final TimeRange window;
        private final Set<Long> known = new HashSet<>();
        private int next;
        private int added;

        Chain(TimeRange window) {
            this.window = window;
        }

        /// Reads those that are there and were not read yet.
        void readOn() throws IOException {
            Optional<ObjectInfo> found = bucket.stat(new AlertsBlockId(window, next).key());
            while (found.isPresent()) {
                AlertTable.this.read(found.get()).forEach(row -> known.add(row.id()));
                next++;
                found = bucket.stat(new AlertsBlockId(window, next).key());
            }
        }

        void put(List<AlertRow> rows) throws IOException {
            List<AlertRow> left = rows;
            while (!left.isEmpty()) {
                AlertsBlockId id = new AlertsBlockId(window, next);
                Path file = scratch.resolve("alerts-" + window.startMs() + ".parquet");
                byte[] bytes = AlertsFileWriter.write(id, left, file);
                if (bucket.putIfAbsent(id.key(), bytes) == PutResult.CREATED) {
                    left.forEach(row -> known.add(row.id()));
                    next++;
                    added += left.size();
                    return;
                }
                readOn();
                left = left.stream().filter(row -> !known.contains(row.id())).toList();
            }
        }
    }

    /// The rows of a range, in order.
    ///
    /// @throws IOException if the store fails or a file is damaged
    public List<AlertRow> read(TimeRange range) throws IOException {
        List<AlertRow> rows = new ArrayList<>();
        LocalDate last = date(range.endMs() - 1);
        for (LocalDate day = date(range.startMs()).minusDays(1);
                !day.isAfter(last);
                day = day.plusDays(1)) {
            for (ObjectInfo object : bucket.list(AlertsBlockId.prefix(day))) {
                Optional<AlertsBlockId> id = AlertsBlockId.ofKey(object.key());
                if (id.isPresent() && id.get().range().overlaps(range)) {
                    read(object).stream()
                            .filter(row -> range.contains(row.atMs()))
                            .forEach(rows::add);
                }
            }
        }
        rows.sort(AlertRow.ORDER);
        return rows;
    }

    private static LocalDate date(long ms) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(Math.max(0, ms)), ZoneOffset.UTC);
    }

    private List<AlertRow> read(ObjectInfo object) throws IOException {
        if (object.sizeBytes() > BYTES_LIMIT) {
            throw new IOException(
                    "alerts file key=%s: size must be at most %d: sizeBytes=%d"
                            .formatted(object.key(), BYTES_LIMIT, object.sizeBytes()));
        }
        try {
            return AlertsFileReader.read(
                    bucket.range(object.key(), 0, Math.toIntExact(object.sizeBytes())));
        } catch (IOException e) {
            throw new IOException("alerts file key=" + object.key() + ": " + e.getMessage(), e);
        }
    }
}
