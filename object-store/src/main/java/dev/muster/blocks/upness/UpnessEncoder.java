package dev.muster.blocks.upness;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// Makes the bytes of a log of upness, record by record; drawn in `docs/format/upness.md`. What is
/// made must be written in the same order, all of it. Confined to one thread.
public final class UpnessEncoder {
    /// First bytes of a log.
    static final byte[] MAGIC = "MUSTERU1".getBytes(StandardCharsets.US_ASCII);

    static final int HEADER_BYTES = 8;
    static final int BEGIN = 1;
    static final int ENTRY = 2;
    static final int HELD = 3;
    static final int MARK = 4;
    static final int END = 5;
    static final int ENDED = 0;
    static final int CUT = 1;
    static final int OPEN = 2;
    static final int DONE = 6;

    private final Map<String, Integer> texts = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(128);
    private int records;
    private long lastMs;

    public UpnessEncoder() {}

    /// Goes on behind a log whose last run is open, to end it: it knows none of its texts.
    public UpnessEncoder(UpnessDecoder.Log log) {
        records = log.records();
        lastMs = log.lastMs();
    }

    /// What a log starts with.
    public byte[] magic() {
        return MAGIC.clone();
    }

    /// An observer begins a run; its state is empty until entries follow.
    public byte[] begin(String cell, String observer, long incarnation, long atMs) {
        body.reset();
        body.write(BEGIN);
        text(cell);
        text(observer);
        varint(incarnation);
        varint(atMs);
        lastMs = atMs;
        return record();
    }

    /// An entry of the run.
    ///
    /// @param held whether it held already when the run began
    public byte[] entry(UpnessEntry entry, boolean held) {
        body.reset();
        body.write(held ? HELD : ENTRY);
        text(entry.target().cell());
        text(entry.target().host());
        text(entry.target().job());
        text(entry.target().instance());
        text(entry.zone());
        text(entry.rack());
        zigzag(entry.decidedMs() - lastMs);
        varint(entry.decidedMs() - entry.atMs());
        varint(entry.untilMs() == 0 ? 0 : entry.untilMs() - entry.atMs());
        body.write(entry.from().code() << 4 | entry.to().code());
        body.write(entry.provenance().code());
        text(entry.cause());
        text(entry.reason());
        varint(entry.version());
        varint(entry.witnesses().size());
        entry.witnesses().forEach(this::text);
        lastMs = entry.decidedMs();
        return record();
    }

    /// The observer still logged at this time.
    public byte[] mark(long atMs) {
        body.reset();
        body.write(MARK);
        zigzag(atMs - lastMs);
        lastMs = atMs;
        return record();
    }

    /// The run ends.
    ///
    /// @param cut whether it ended without a word, and this was found out later
    public byte[] end(long atMs, boolean cut) {
        return end(atMs, cut ? CUT : ENDED);
    }

    /// The run goes on: what an answer says, not a file.
    public byte[] goesOn(long atMs) {
        return end(atMs, OPEN);
    }

    private byte[] end(long atMs, int how) {
        body.reset();
        body.write(END);
        zigzag(atMs - lastMs);
        body.write(how);
        lastMs = atMs;
        return record();
    }

    /// An answer is whole.
    public byte[] done() {
        body.reset();
        body.write(DONE);
        return record();
    }

    private byte[] record() {
        byte[] content = body.toByteArray();
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER_BYTES + content.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(content.length);
        bytes.putInt(checksum(records++, content, 0, content.length));
        return bytes.put(content).array();
    }

    static int checksum(int record, byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        ByteBuffer start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        crc.update(start.putInt(record).putInt(length).array());
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private void text(String text) {
        if (text.isEmpty()) {
            body.write(0);
            return;
        }
        Integer number = texts.get(text);
        if (number != null) {
            varint(number + 2L);
            return;
        }
        texts.put(text, texts.size());
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        body.write(1);
        varint(utf8.length);
        body.writeBytes(utf8);
    }

    private void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            body.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        body.write((int) rest);
    }
}
