package dev.muster.agent.remotewrite;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads the log record by record from a cursor on. Confined to one thread.
final class LogReader implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LogReader.class.getName());

    /// Takes what is read.
    interface Target extends LogRecord.Items {
        /// Series of before mean nothing from here on.
        void segment();

        /// The items that come lie in these bytes.
        void record(byte[] bytes);
    }

    private final SampleLog log;
    private final Target target;
    private final LogRecord.Items definitions;
    private final LogBytes bytes = new LogBytes();
    private byte[] buffer = new byte[64 << 10];
    private @Nullable FileChannel channel;
    private int segment;
    private long offset;
    private long samples;
    private long before;
    private long lost;
    private long damaged;

    /// @param from where to begin; series that are named before it in its segment are read first
    LogReader(SampleLog log, Cursor from, Target target) throws IOException {
        this.log = log;
        this.target = target;
        definitions = new Definitions(target);
        boolean there = log.has(from.segment());
        segment = log.atLeast(from.segment());
        offset = SampleLog.FIRST_OFFSET;
        before = log.extent(segment).before();
        if (there) {
            long end = Math.min(from.offsetBytes(), log.extent(segment).endBytes());
            while (offset < end && read(definitions)) {
                // each record names the series that are new in it
            }
            samples = from.samples();
        }
    }

    /// Hands the next record on.
    ///
    /// @return false if there is none now
    boolean next() throws IOException {
        skipGone();
        while (offset >= log.extent(segment).endBytes()) {
            if (segment >= log.segment()) {
                return false;
            }
            enter(log.atLeast(segment + 1));
        }
        return read(target);
    }

    /// Goes on where the log begins, if it was cut meanwhile.
    private void skipGone() throws IOException {
        if (!log.has(segment)) {
            long read = before + samples;
            enter(log.atLeast(segment));
            lost += Math.max(0, before - read);
        }
    }

    private void enter(int number) throws IOException {
        close();
        segment = number;
        offset = SampleLog.FIRST_OFFSET;
        samples = 0;
        before = log.extent(number).before();
        target.segment();
    }

    private boolean read(LogRecord.Items items) throws IOException {
        FileChannel in = channel;
        if (in == null) {
            in = FileChannel.open(log.path(segment), StandardOpenOption.READ);
            channel = in;
        }
        ByteBuffer header = fill(in, offset, SampleLog.HEADER_BYTES);
        int length = header.getInt();
        int expected = header.getInt();
        int count = header.getInt();
        long at = offset;
        if (length <= 0 || length > SampleLog.RECORD_LIMIT) {
            damaged++;
            offset = log.extent(segment).endBytes();
            LOG.log(
                    Level.WARNING,
                    () ->
                            "rest of a segment of the log of samples to send left out: segment="
                                    + segment
                                    + " offsetBytes="
                                    + at);
            return true;
        }
        fill(in, offset + SampleLog.HEADER_BYTES, length);
        offset += SampleLog.HEADER_BYTES + length;
        samples += count;
        CRC32C crc = new CRC32C();
        crc.update(buffer, 0, length);
        try {
            if ((int) crc.getValue() != expected) {
                throw new IOException("checksum must match");
            }
            bytes.reset(buffer, 0, length);
            target.record(buffer);
            LogRecord.read(bytes, items);
        } catch (IOException e) {
            damaged++;
            LOG.log(
                    Level.WARNING,
                    () ->
                            "record of the log of samples to send left out segment="
                                    + segment
                                    + " offsetBytes="
                                    + at,
                    e);
        }
        return true;
    }

    private ByteBuffer fill(FileChannel in, long from, int length) throws IOException {
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        ByteBuffer into = ByteBuffer.wrap(buffer, 0, length);
        long at = from;
        while (into.hasRemaining()) {
            int read = in.read(into, at);
            if (read < 0) {
                throw new IOException(
                        "log of samples to send segment="
                                + segment
                                + ": must not end at offsetBytes="
                                + at);
            }
            at += read;
        }
        return into.flip();
    }

    /// Where the next record begins.
    Cursor cursor() {
        return new Cursor(segment, offset, samples);
    }

    int segment() {
        return segment;
    }

    long offset() {
        return offset;
    }

    /// Samples read or passed over so far, counted as the log counts them.
    long position() {
        return before + samples;
    }

    /// Samples that were cut off the log before they were read, since last asked.
    long takeLost() {
        long taken = lost;
        lost = 0;
        return taken;
    }

    /// Records that could not be read, since last asked.
    long takeDamaged() {
        long taken = damaged;
        damaged = 0;
        return taken;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
