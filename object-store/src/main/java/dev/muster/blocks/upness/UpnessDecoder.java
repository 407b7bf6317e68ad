package dev.muster.blocks.upness;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a log of upness, up to its end or to the first bad record: nothing behind that is
/// understood, because it may use texts of the lost one. Confined to one thread, used once.
public final class UpnessDecoder {
    /// Longest body of a record.
    public static final int RECORD_LIMIT = 1 << 16;

    private static final int WITNESS_LIMIT = 1024;

    private final byte[] bytes;
    private final ByteBuffer in;
    private final List<String> texts = new ArrayList<>();
    private final List<UpnessRun> runs = new ArrayList<>();
    private List<UpnessEntry> entries = new ArrayList<>();
    private String cell = "";
    private String observer = "";
    private long incarnation;
    private long fromMs = -1;
    private long untilMs;
    private long lastMs;
    private int records;
    private boolean done;

    /// What was read.
    ///
    /// @param runs in the order of the log
    /// @param goodBytes length of the log up to the end of its last good record
    /// @param open whether the last run has no end: it goes on, or was cut
    /// @param done whether the last record says that the log is whole
    /// @param error what is wrong with the first bad record; empty if there is none
    /// @param records how many good ones there are
    /// @param lastMs the time that the next record would count from
    public record Log(
            List<UpnessRun> runs,
            int goodBytes,
            boolean open,
            boolean done,
            String error,
            int records,
            long lastMs) {
        public Log {
            runs = List.copyOf(runs);
        }
    }

    private UpnessDecoder(byte[] bytes) {
        this.bytes = bytes;
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Reads a log.
    public static Log read(byte[] bytes) {
        return new UpnessDecoder(bytes).read();
    }

    private Log read() {
        int good = 0;
        String error = "";
        try {
            magic();
            good = in.position();
            while (in.hasRemaining()) {
                record();
                good = in.position();
            }
        } catch (UpnessLogException e) {
            error = "upness log offsetBytes=" + good + ": " + e.getMessage();
        }
        boolean open = fromMs >= 0;
        endRun(true);
        return new Log(runs, good, open, done, error, records, lastMs);
    }

    private void magic() throws UpnessLogException {
        byte[] magic = UpnessEncoder.MAGIC;
        if (bytes.length < magic.length || !Arrays.equals(bytes, 0, 8, magic, 0, 8)) {
            throw new UpnessLogException("must start with MUSTERU1");
        }
        in.position(magic.length);
    }

    private void record() throws UpnessLogException {
        if (in.remaining() < UpnessEncoder.HEADER_BYTES) {
            throw new UpnessLogException("record must be whole: left=" + in.remaining());
        }
        int length = in.getInt();
        int expected = in.getInt();
        if (length < 1 || length > RECORD_LIMIT || length > in.remaining()) {
            throw new UpnessLogException(
                    "record must be whole: length=" + length + ", left=" + in.remaining());
        }
        int start = in.position();
        int actual = UpnessEncoder.checksum(records, bytes, start, length);
        if (expected != actual) {
            throw new UpnessLogException(
                    "checksum must match: expected=0x%08x, actual=0x%08x"
                            .formatted(expected, actual));
        }
        in.limit(start + length);
        try {
            body();
            if (in.hasRemaining()) {
                throw new UpnessLogException("record must end: left=" + in.remaining());
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UpnessLogException("record must be sound: " + e.getMessage());
        } finally {
            in.limit(bytes.length);
        }
        records++;
    }

    private void body() throws UpnessLogException {
        int kind = u8();
        if (done) {
            throw new UpnessLogException("nothing must follow the end: kind=" + kind);
        }
        switch (kind) {
            case UpnessEncoder.BEGIN -> begin();
            case UpnessEncoder.ENTRY, UpnessEncoder.HELD -> entry(kind == UpnessEncoder.HELD);
            case UpnessEncoder.MARK -> mark();
            case UpnessEncoder.END -> {
                mark();
                endRun(u8());
            }
            case UpnessEncoder.DONE -> done = true;
            default -> throw new UpnessLogException("kind must be known: found=" + kind);
        }
    }

    private void begin() throws UpnessLogException {
        endRun(true);
        cell = text();
        observer = text();
        incarnation = varint();
        fromMs = varint();
        untilMs = fromMs;
        lastMs = fromMs;
    }

    private void mark() throws UpnessLogException {
        needRun();
        lastMs += zigzag();
        untilMs = Math.max(untilMs, lastMs);
    }

    private void entry(boolean held) throws UpnessLogException {
        needRun();
        var target = new UpnessTarget(text(), text(), text(), text());
        String zone = text();
        String rack = text();
        long decidedMs = lastMs + zigzag();
        long atMs = decidedMs - varint();
        long length = varint();
        int states = u8();
        int provenance = u8();
        String cause = text();
        String reason = text();
        long version = varint();
        long count = varint();
        if (count > WITNESS_LIMIT) {
            throw new UpnessLogException("witnesses must be at most 1024: found=" + count);
        }
        List<String> witnesses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            witnesses.add(text());
        }
        entries.add(
                new UpnessEntry(
                        target,
                        zone,
                        rack,
                        atMs,
                        decidedMs,
                        length == 0 ? 0 : atMs + length,
                        UpnessState.ofCode(states >> 4),
                        UpnessState.ofCode(states & 15),
                        cause,
                        reason,
                        UpnessProvenance.ofCode(provenance),
                        version,
                        witnesses));
        lastMs = decidedMs;
        if (!held) {
            untilMs = Math.max(untilMs, decidedMs);
        }
    }

    private void needRun() throws UpnessLogException {
        if (fromMs < 0) {
            throw new UpnessLogException("a run must have begun");
        }
    }

    private void endRun(boolean cut) {
        endRun(cut ? UpnessEncoder.CUT : UpnessEncoder.ENDED);
    }

    private void endRun(int how) {
        if (fromMs >= 0) {
            runs.add(
                    new UpnessRun(
                            cell,
                            observer,
                            incarnation,
                            fromMs,
                            untilMs,
                            how == UpnessEncoder.CUT,
                            entries,
                            how == UpnessEncoder.OPEN));
        }
        fromMs = -1;
        entries = new ArrayList<>();
    }

    private int u8() {
        return in.get() & 0xFF;
    }

    private String text() throws UpnessLogException {
        long number = varint();
        if (number == 0) {
            return "";
        }
        if (number > 1) {
            if (number - 2 >= texts.size()) {
                throw new UpnessLogException("text must be known: number=" + number);
            }
            return texts.get((int) number - 2);
        }
        long length = varint();
        if (length > in.remaining()) {
            throw new UpnessLogException("text must fit: length=" + length);
        }
        String text = utf8((int) length);
        texts.add(text);
        return text;
    }

    private String utf8(int length) throws UpnessLogException {
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
        } catch (CharacterCodingException e) {
            throw new UpnessLogException("text must be UTF-8: " + e);
        }
    }

    private long zigzag() throws UpnessLogException {
        long value = varintBits();
        return value >>> 1 ^ -(value & 1);
    }

    /// A number that is not negative.
    private long varint() throws UpnessLogException {
        long value = varintBits();
        if (value < 0) {
            throw new UpnessLogException("number must not be negative: found=" + value);
        }
        return value;
    }

    private long varintBits() throws UpnessLogException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new UpnessLogException("number must have at most 10 bytes");
    }
}
