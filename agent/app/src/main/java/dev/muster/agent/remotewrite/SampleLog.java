package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/// What was appended and is to be sent, in segments on disk. Each stands for itself: it names all
/// its series. The oldest are dropped where they would take more than the limit. Thread-safe.
///
/// A record is in the operating system's hands when [#append] returns, so the death of the process
/// loses nothing.
final class SampleLog implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SampleLog.class.getName());
    private static final byte[] MAGIC = "MUSTERQ1".getBytes(StandardCharsets.US_ASCII);
    private static final String SUFFIX = ".samples";

    /// Length, checksum, samples.
    static final int HEADER_BYTES = 12;

    static final int FIRST_OFFSET = MAGIC.length;

    /// Largest record.
    static final int RECORD_LIMIT = 64 << 20;

    private static final long SEGMENT_BYTES = 8L << 20;

    private final Path directory;
    private final long limitBytes;
    private final long segmentBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private final ConcurrentSkipListMap<Integer, Extent> segments = new ConcurrentSkipListMap<>();
    private FileChannel channel;
    private volatile int current;
    private long failures;
    private volatile boolean closed;

    /// How far a segment goes.
    ///
    /// @param endBytes where its last whole record ends
    /// @param samples in all its records
    /// @param before samples in the segments before it, those that are gone among them
    record Extent(long endBytes, long samples, long before) {}

    /// Begins a new segment after those of earlier runs.
    ///
    /// @param limitBytes for all segments
    SampleLog(Path directory, long limitBytes) throws IOException {
        this.directory = directory;
        this.limitBytes = limitBytes;
        segmentBytes = Math.clamp(limitBytes / 8, 64 << 10, SEGMENT_BYTES);
        Files.createDirectories(directory);
        long before = 0;
        for (int number : numbers()) {
            Extent extent = extent(path(number), before);
            segments.put(number, extent);
            before += extent.samples;
        }
        channel = begin(segments.isEmpty() ? 1 : segments.lastKey() + 1);
    }

    private SortedSet<Integer> numbers() throws IOException {
        SortedSet<Integer> numbers = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                int number = number(file);
                if (number > 0) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    private static int number(Path file) {
        String name = file.getFileName().toString();
        try {
            return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    Path path(int segment) {
        return directory.resolve("%08d%s".formatted(segment, SUFFIX));
    }

    /// Follows the headers of records up to the first that is not whole: a torn tail is of what
    /// nobody was told was kept.
    private static Extent extent(Path file, long before) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = in.size();
            long at = FIRST_OFFSET;
            long samples = 0;
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
            while (at + HEADER_BYTES <= size) {
                in.read(header.clear(), at);
                int length = header.flip().getInt();
                if (length <= 0 || length > RECORD_LIMIT || at + HEADER_BYTES + length > size) {
                    break;
                }
                samples += header.getInt(8);
                at += HEADER_BYTES + length;
            }
            return new Extent(at, samples, before);
        }
    }

    private FileChannel begin(int number) throws IOException {
        FileChannel next =
                FileChannel.open(
                        path(number),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        writeAll(next, ByteBuffer.wrap(MAGIC), 0);
        long before = 0;
        if (!segments.isEmpty()) {
            Extent last = segments.lastEntry().getValue();
            before = last.before + last.samples;
        }
        segments.put(number, new Extent(FIRST_OFFSET, 0, before));
        current = number;
        return next;
    }

    private static void writeAll(FileChannel to, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    /// The segment that records go to now.
    int segment() {
        return current;
    }

    /// Appends a record.
    ///
    /// @param body of at most [#RECORD_LIMIT] bytes
    /// @param expected the segment whose series the body counts on
    /// @return false if that is not the segment any more: the body must name its series anew
    boolean append(WireWriter body, int samples, int expected) throws IOException {
        if (body.size() > RECORD_LIMIT) {
            throw new IOException(
                    "record must have at most bytes=" + RECORD_LIMIT + ": found=" + body.size());
        }
        lock.lock();
        try {
            if (expected != current) {
                return false;
            }
            if (closed) {
                throw new IOException("log of samples to send is closed");
            }
            Extent extent = extent(current);
            ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + body.size());
            CRC32C crc = new CRC32C();
            crc.update(body.buffer(), 0, body.size());
            record.putInt(body.size()).putInt((int) crc.getValue()).putInt(samples);
            record.put(body.buffer(), 0, body.size()).flip();
            writeAll(channel, record, extent.endBytes);
            long end = extent.endBytes + record.limit();
            segments.put(current, new Extent(end, extent.samples + samples, extent.before));
            if (end >= segmentBytes) {
                roll();
            }
            appended.signalAll();
            return true;
        } catch (IOException e) {
            failures++;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void roll() throws IOException {
        FileChannel before = channel;
        before.force(false);
        channel = begin(current + 1);
        before.close();
        while (sizeBytes() > limitBytes - segmentBytes && segments.size() > 1) {
            delete(segments.firstKey());
        }
    }

    private void delete(int segment) {
        segments.remove(segment);
        try {
            Files.deleteIfExists(path(segment));
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "segment not deleted: file=" + path(segment), e);
        }
    }

    /// Deletes segments before this one: everybody has read them.
    void release(int segment) {
        lock.lock();
        try {
            for (int old : segments.headMap(segment).keySet()) {
                delete(old);
            }
        } finally {
            lock.unlock();
        }
    }

    /// How far a segment goes; of one that is gone, where the oldest begins.
    Extent extent(int segment) {
        Extent extent = segments.get(segment);
        return extent != null
                ? extent
                : new Extent(FIRST_OFFSET, 0, segments.firstEntry().getValue().before);
    }

    /// That segment, or the first after it that is there.
    int atLeast(int segment) {
        Integer found = segments.ceilingKey(segment);
        return found == null ? current : found;
    }

    boolean has(int segment) {
        return segments.containsKey(segment);
    }

    /// Samples in all segments, those that are gone among them.
    long total() {
        Extent last = segments.lastEntry().getValue();
        return last.before + last.samples;
    }

    long sizeBytes() {
        return segments.values().stream().mapToLong(Extent::endBytes).sum();
    }

    /// Times that a record could not be written.
    long failures() {
        lock.lock();
        try {
            return failures;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is more than that, or the time is over.
    void await(int segment, long offsetBytes, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0
                    && !closed
                    && current == segment
                    && extent(segment).endBytes <= offsetBytes) {
                left = appended.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            appended.signalAll();
            channel.force(false);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
