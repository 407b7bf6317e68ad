package dev.muster.query.alertmanager.store;

import dev.muster.query.alertmanager.StateOutlet;
import dev.muster.query.alertmanager.state.StateCodec;
import dev.muster.query.alertmanager.state.StateRecord;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The alert manager's state as a log on disk, drawn in `docs/format/alert-state.md`: each record
/// is appended before anybody is told, and the file is written anew when most of it is of the past.
/// Thread-safe.
public final class Journal implements StateOutlet, AutoCloseable {
    /*
     * What is appended survives the end of the process at once, as it is the kernel's then; silences survive that of the machine at
     * once, too, all else after a second at most. A tail that is no whole record is what was under way when the machine ended: it
     * is cut off, and kept beside the file.
     *
     * Not a FileChannel: an interrupted thread would close it for all.
     */
    private static final System.Logger LOG = System.getLogger(Journal.class.getName());
    private static final byte[] MAGIC = "MUSTALS1".getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "alerts.log";
    private static final long REWRITE_BYTES = 32 << 20;
    private static final int REWRITE_FACTOR = 4;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long SYNC_MS = 1_000;

    private final Path directory;
    private final Path path;
    private final JournalMetrics metrics;
    private final List<StateRecord> found = new ArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("alertmanager-state").factory());
    private RandomAccessFile file;
    private long rewrittenBytes;
    private boolean dirty;
    private boolean failing;
    private boolean closed;
    private volatile long size;
    private volatile long written;

    private Journal(Path directory, JournalMetrics metrics) throws IOException {
        this.directory = directory;
        this.metrics = metrics;
        Files.createDirectories(directory);
        path = directory.resolve(NAME);
        long whole = Files.exists(path) ? read() : 0;
        file = new RandomAccessFile(path.toFile(), "rw");
        if (whole < file.length()) {
            cut(whole);
        }
        if (whole == 0) {
            file.write(MAGIC);
        }
        file.seek(file.length());
        size = file.length();
        rewrittenBytes = size;
        metrics.register(this);
    }

    /// Opens the log of a directory, which is made if need be.
    ///
    /// @throws IOException if it cannot be read or written, or is of another version
    public static Journal open(Path directory, JournalMetrics metrics) throws IOException {
        return new Journal(directory, metrics);
    }

    /// The records that were found, the older first. Forgets them.
    public synchronized List<StateRecord> takeFound() {
        List<StateRecord> all = List.copyOf(found);
        found.clear();
        return all;
    }

    /// @return how many bytes are whole records
    private long read() throws IOException {
        try (var raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
                var in = new DataInputStream(raw)) {
            byte[] magic = in.readNBytes(MAGIC.length);
            if (magic.length < MAGIC.length) {
                return 0;
            }
            if (!java.util.Arrays.equals(magic, MAGIC)) {
                throw new IOException(path + ": file must be of version 1 of alert state");
            }
            long whole = MAGIC.length;
            try {
                StateRecord record = StateCodec.read(in);
                while (record != null) {
                    found.add(record);
                    whole += StateCodec.framed(record).length;
                    record = StateCodec.read(in);
                }
            } catch (EOFException e) {
                LOG.log(System.Logger.Level.DEBUG, "log ends in the middle of a record", e);
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "alert state is damaged path=" + path + " reason=" + e);
            }
            return whole;
        }
    }

    private void cut(long whole) throws IOException {
        long left = file.length() - whole;
        metrics.damaged(left);
        Path beside = directory.resolve(NAME + ".damaged");
        Files.copy(path, beside, StandardCopyOption.REPLACE_EXISTING);
        LOG.log(
                System.Logger.Level.WARNING,
                () ->
                        "alert state ends in no record, cut off: path="
                                + path
                                + " wholeBytes="
                                + whole
                                + " cutBytes="
                                + left
                                + " copy="
                                + beside);
        file.setLength(whole);
    }

    /// Begins to write the file anew when it is due.
    ///
    /// @param state all that is known
    public void start(Supplier<List<StateRecord>> state) {
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> tick(state), SYNC_MS, SYNC_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void learned(List<StateRecord> records, boolean replica) {
        if (records.isEmpty()) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean now = false;
        for (StateRecord record : records) {
            bytes.writeBytes(StateCodec.framed(record));
            now |= record instanceof StateRecord.OfSilence;
        }
        append(bytes.toByteArray(), records.size(), now);
    }

    private synchronized void append(byte[] bytes, int records, boolean now) {
        if (closed) {
            return;
        }
        try {
            file.write(bytes);
            size += bytes.length;
            written += records;
            dirty = true;
            if (now) {
                sync();
            }
            failing = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        metrics.failed();
        if (!failing) {
            LOG.log(System.Logger.Level.ERROR, "alert state cannot be written path=" + path, e);
        }
        failing = true;
    }

    private void sync() throws IOException {
        file.getFD().sync();
        dirty = false;
    }

    private synchronized void tick(Supplier<List<StateRecord>> state) {
        if (closed) {
            return;
        }
        try {
            if (failing || size > Math.max(REWRITE_BYTES, REWRITE_FACTOR * rewrittenBytes)) {
                rewrite(state.get());
            } else if (dirty) {
                sync();
            }
        } catch (IOException e) {
            failed(e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "alert state cannot be written anew", e);
        }
    }

    private void rewrite(List<StateRecord> records) throws IOException {
        Path fresh = directory.resolve(NAME + ".new");
        try (FileOutputStream out = new FileOutputStream(fresh.toFile());
                BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES)) {
            buffered.write(MAGIC);
            for (StateRecord record : records) {
                buffered.write(StateCodec.framed(record));
            }
            buffered.flush();
            out.getFD().sync();
        }
        Files.move(
                fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        RandomAccessFile before = file;
        file = new RandomAccessFile(path.toFile(), "rw");
        before.close();
        file.seek(file.length());
        size = file.length();
        rewrittenBytes = size;
        failing = false;
        dirty = false;
        metrics.rewritten();
    }

    long sizeBytes() {
        return size;
    }

    long written() {
        return written;
    }

    @Override
    public void close() {
        thread.shutdown();
        synchronized (this) {
            if (!closed) {
                closed = true;
                try {
                    sync();
                    file.close();
                } catch (IOException e) {
                    failed(e);
                }
            }
        }
    }
}
