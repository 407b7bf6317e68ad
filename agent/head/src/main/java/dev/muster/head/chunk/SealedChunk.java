package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A chunk in a chunk file: where it lies and what times it covers. Thread-safe.
public final class SealedChunk {
    private enum Trust {
        UNCHECKED,
        SOUND,
        DAMAGED
    }

    private final ChunkFile file;
    private final ChunkKind kind;
    private final long offsetBytes;
    private final int lengthBytes;
    private final long firstMs;
    private final long lastMs;
    private final int number;
    private volatile Trust trust;

    private SealedChunk(
            ChunkFile file,
            ChunkKind kind,
            long offsetBytes,
            int lengthBytes,
            long firstMs,
            long lastMs,
            int number,
            Trust trust) {
        this.file = file;
        this.kind = kind;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.firstMs = firstMs;
        this.lastMs = lastMs;
        this.number = number;
        this.trust = trust;
    }

    /// Appends a chunk, laid out after room for its record header, to a file.
    ///
    /// @param number that of the chunk in its origin: higher than those of chunks before
    public static SealedChunk append(
            ChunkFile file, ChunkKind kind, long firstMs, long lastMs, int number, ByteWriter chunk)
            throws IOException {
        long body = file.append(chunk);
        int length = chunk.size() - ChunkFile.RECORD_HEADER_BYTES;
        return new SealedChunk(file, kind, body, length, firstMs, lastMs, number, Trust.SOUND);
    }

    /// What [#describe] has written.
    public static SealedChunk described(ChunkFile file, ByteReader from, int number) {
        ChunkKind kind = ChunkKind.of(from.u8());
        long offset = from.varint();
        int length = from.count();
        long first = from.u64();
        long last = first + from.varint();
        return new SealedChunk(file, kind, offset, length, first, last, number, Trust.UNCHECKED);
    }

    /// Passes over what [#describe] has written.
    public static void skip(ByteReader from) {
        from.u8();
        from.varint();
        from.varint();
        from.u64();
        from.varint();
    }

    public void describe(ByteWriter into) {
        into.u8(kind.number());
        into.varint(offsetBytes);
        into.varint(lengthBytes);
        into.u64(firstMs);
        into.varint(lastMs - firstMs);
    }

    public ChunkFile file() {
        return file;
    }

    public ChunkKind kind() {
        return kind;
    }

    /// Number of the chunk in its origin: chunks that were sealed later have higher ones.
    public int number() {
        return number;
    }

    /// Where its body starts in the file.
    public long offsetBytes() {
        return offsetBytes;
    }

    public long firstMs() {
        return firstMs;
    }

    public long lastMs() {
        return lastMs;
    }

    public boolean overlaps(long startMs, long endMs) {
        return firstMs < endMs && lastMs >= startMs;
    }

    /// Checks the checksum of a chunk that this process has not written, once.
    ///
    /// @return false if it is damaged
    /// @throws ClosedByInterruptException if the thread is interrupted, which says nothing of the
    ///   chunk
    public boolean sound() throws ClosedByInterruptException {
        if (trust == Trust.UNCHECKED) {
            trust = check() ? Trust.SOUND : Trust.DAMAGED;
        }
        return trust == Trust.SOUND;
    }

    private boolean check() throws ClosedByInterruptException {
        try {
            long record = offsetBytes - ChunkFile.RECORD_HEADER_BYTES;
            ChunkFile.Piece piece = file.piece(record, lengthBytes + ChunkFile.RECORD_HEADER_BYTES);
            MappedByteBuffer buffer = piece.buffer();
            int at = piece.at(record);
            ByteBuffer body = buffer.slice(piece.at(offsetBytes), lengthBytes);
            CRC32C checksum = new CRC32C();
            checksum.update(body);
            return buffer.getInt(at) == lengthBytes
                    && buffer.getInt(at + 4) == (int) checksum.getValue();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException | InternalError e) {
            return false;
        }
    }

    /// Where it lies, for messages.
    public String where() {
        return "chunk file=" + file.path().getFileName() + " offsetBytes=" + offsetBytes;
    }

    /// Appends the samples of a slot in `[startMs, endMs)`, in the order of their times.
    ///
    /// @throws IOException if the file cannot be read
    public void read(int slot, long startMs, long endMs, TickDecoder decoder, SampleColumns into)
            throws IOException {
        try {
            ChunkFile.Piece piece = file.piece(offsetBytes, lengthBytes);
            int base = piece.at(offsetBytes);
            switch (kind) {
                case TICKS -> readTicks(piece.buffer(), base, slot, startMs, endMs, decoder, into);
                case LATE -> readLate(piece.buffer(), base, slot, startMs, endMs, into);
                case SERIES -> {}
            }
        } catch (InternalError | IndexOutOfBoundsException e) {
            throw new IOException(where() + ": must be readable: " + e.getMessage(), e);
        }
    }

    /// Entries of the index: slots, or series.
    public int entries() throws IOException {
        ChunkFile.Piece piece = file.piece(offsetBytes, lengthBytes);
        return piece.buffer().getInt(piece.at(offsetBytes) + ChunkHeader.ENTRIES_AT);
    }

    /// A copy of the body.
    byte[] body() throws IOException {
        try {
            ChunkFile.Piece piece = file.piece(offsetBytes, lengthBytes);
            byte[] body = new byte[lengthBytes];
            piece.buffer().get(piece.at(offsetBytes), body, 0, lengthBytes);
            return body;
        } catch (InternalError | IndexOutOfBoundsException e) {
            throw new IOException(where() + ": must be readable: " + e.getMessage(), e);
        }
    }

    /// Hands out the slots that have samples here, ascending.
    public void slots(IntConsumer action) throws IOException {
        try {
            ChunkFile.Piece piece = file.piece(offsetBytes, lengthBytes);
            int base = piece.at(offsetBytes);
            switch (kind) {
                case TICKS -> tickSlots(piece.buffer(), base, action);
                case LATE -> lateSlots(piece.buffer(), base, action);
                case SERIES -> {}
            }
        } catch (InternalError | IndexOutOfBoundsException e) {
            throw new IOException(where() + ": must be readable: " + e.getMessage(), e);
        }
    }

    private static void tickSlots(ByteBuffer buffer, int base, IntConsumer action) {
        int slots = buffer.getInt(base + ChunkHeader.ENTRIES_AT);
        int index = base + buffer.getInt(base + ChunkHeader.INDEX_AT);
        for (int slot = 0; slot < slots; slot++) {
            int group = index + slot / TickChunkWriter.GROUP * TickChunkWriter.GROUP_BYTES;
            int entry = buffer.getShort(group + 4 + 2 * (slot % TickChunkWriter.GROUP)) & 0xffff;
            if (entry != TickChunkWriter.PARTIAL) {
                action.accept(slot);
            }
        }
    }

    private static void lateSlots(ByteBuffer buffer, int base, IntConsumer action) {
        int entries = buffer.getInt(base + ChunkHeader.ENTRIES_AT);
        int index = base + buffer.getInt(base + ChunkHeader.INDEX_AT);
        for (int i = 0; i < entries; i++) {
            action.accept(buffer.getInt(index + i * LateBuffer.INDEX_BYTES));
        }
    }

    private void readTicks(
            ByteBuffer buffer,
            int base,
            int slot,
            long startMs,
            long endMs,
            TickDecoder decoder,
            SampleColumns into) {
        if (slot >= buffer.getInt(base + ChunkHeader.ENTRIES_AT)) {
            return;
        }
        int index = base + buffer.getInt(base + ChunkHeader.INDEX_AT);
        int inGroup = slot % TickChunkWriter.GROUP;
        int group = index + slot / TickChunkWriter.GROUP * TickChunkWriter.GROUP_BYTES;
        int entry = buffer.getShort(group + 4 + 2 * inGroup) & 0xffff;
        if (entry == TickChunkWriter.PARTIAL) {
            return;
        }
        int slots = buffer.getInt(base + ChunkHeader.ENTRIES_AT);
        int groups = (slots + TickChunkWriter.GROUP - 1) / TickChunkWriter.GROUP;
        int at = index + groups * TickChunkWriter.GROUP_BYTES + buffer.getInt(group);
        for (int i = 0; i < inGroup; i++) {
            at += buffer.getShort(group + 4 + 2 * i) & (TickChunkWriter.PARTIAL - 1);
        }
        int length = entry & (TickChunkWriter.PARTIAL - 1);
        int count = buffer.getShort(base + ChunkHeader.TICKS_AT) & 0xffff;
        clock(buffer, base, count, decoder.times());
        if ((entry & TickChunkWriter.PARTIAL) != 0) {
            count = buffer.getShort(at) & 0xffff;
            at += 2;
            length -= 2;
        }
        byte[] stream = decoder.stream();
        buffer.get(at, stream, 0, length);
        Arrays.fill(stream, length, length + 32, (byte) 0);
        int before = into.size();
        decoder.decode(length, count, startMs, endMs, into);
        attach(buffer, base, slot, decoder.times(), count, into, before);
    }

    private static boolean flag(ByteBuffer buffer, int base, int flag) {
        return (buffer.get(base + ChunkHeader.FLAGS_AT) & flag) != 0;
    }

    private void attach(
            ByteBuffer buffer,
            int base,
            int slot,
            long[] times,
            int count,
            SampleColumns into,
            int from) {
        if (into.size() > from && flag(buffer, base, ChunkHeader.SIDE)) {
            byte @Nullable [] side = SideSection.stream(buffer, base, lengthBytes, slot);
            if (side != null) {
                SideReader.attach(side, times, count, into, from);
            }
        }
    }

    private void clock(ByteBuffer buffer, int base, int ticks, long[] into) {
        int at = base + ChunkHeader.BYTES;
        boolean regular = flag(buffer, base, ChunkHeader.REGULAR);
        into[0] = firstMs;
        long delta = 0;
        for (int i = 1; i < ticks; i++) {
            if (i == 1 || !regular) {
                delta = 0;
                byte next;
                int shift = 0;
                do {
                    next = buffer.get(at++);
                    delta |= (next & 0x7fL) << shift;
                    shift += 7;
                } while (next < 0);
            }
            into[i] = into[i - 1] + delta;
        }
    }

    private void readLate(
            ByteBuffer buffer, int base, int slot, long startMs, long endMs, SampleColumns into) {
        int entries = buffer.getInt(base + ChunkHeader.ENTRIES_AT);
        int index = base + buffer.getInt(base + ChunkHeader.INDEX_AT);
        int low = 0;
        int high = entries;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (buffer.getInt(index + middle * LateBuffer.INDEX_BYTES) < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == entries || buffer.getInt(index + low * LateBuffer.INDEX_BYTES) != slot) {
            return;
        }
        int streams = entries * LateBuffer.INDEX_BYTES + index - base;
        int from = streams + buffer.getInt(index + low * LateBuffer.INDEX_BYTES + 4);
        int end =
                flag(buffer, base, ChunkHeader.SIDE)
                        ? SideSection.place(buffer, base, lengthBytes)
                        : lengthBytes;
        int to =
                low + 1 == entries
                        ? end
                        : streams + buffer.getInt(index + (low + 1) * LateBuffer.INDEX_BYTES + 4);
        byte[] stream = new byte[to - from];
        buffer.get(base + from, stream, 0, stream.length);
        int before = into.size();
        long[] times = LateBuffer.decode(stream, firstMs, startMs, endMs, into);
        attach(buffer, base, slot, times, times.length, into, before);
    }
}
