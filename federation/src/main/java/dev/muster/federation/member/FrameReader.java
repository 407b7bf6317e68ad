package dev.muster.federation.member;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Takes apart the bytes of one frame that came from outside: nothing is read before the checksum
/// holds, no count is believed before the bytes for it are there. Confined to one thread, used
/// once.
public final class FrameReader {
    /// Most bytes of a frame.
    public static final int FRAME_LIMIT = 16 << 20;

    /// Most services of one agent.
    public static final int SERVICE_LIMIT = ServiceBits.LIMIT;

    private static final int SERVICE_MIN_BYTES = 15;

    private final ByteBuffer in;
    private final int type;

    /// @throws FrameException if the bytes are no whole, undamaged frame of a known version
    public FrameReader(byte[] bytes) throws FrameException {
        if (bytes.length < FrameWriter.HEADER_BYTES + FrameWriter.CRC_BYTES
                || bytes.length > FRAME_LIMIT) {
            throw new FrameException(
                    "frame must be 8 to " + FRAME_LIMIT + " bytes: length=" + bytes.length);
        }
        int end = bytes.length - FrameWriter.CRC_BYTES;
        in = ByteBuffer.wrap(bytes, 0, end);
        int magic = in.getShort() & 0xFFFF;
        int version = in.get() & 0xFF;
        type = in.get() & 0xFF;
        if (magic != FrameWriter.MAGIC || version != FrameWriter.VERSION) {
            throw new FrameException(
                    "frame must be of a known version: magic=0x"
                            + Integer.toHexString(magic)
                            + ", version="
                            + version);
        }
        checkSum(bytes, end);
    }

    private static void checkSum(byte[] bytes, int end) throws FrameException {
        var crc = new CRC32C();
        crc.update(bytes, 0, end);
        int expected = ByteBuffer.wrap(bytes).getInt(end);
        int actual = (int) crc.getValue();
        if (expected != actual) {
            throw new FrameException(
                    "frame checksum must match: expected=0x"
                            + Integer.toHexString(expected)
                            + ", actual=0x"
                            + Integer.toHexString(actual));
        }
    }

    /// What the frame holds.
    public int type() {
        return type;
    }

    /// One byte.
    public int u8() throws FrameException {
        need(1);
        return in.get() & 0xFF;
    }

    /// Two bytes.
    public int u16() throws FrameException {
        need(2);
        return in.getShort() & 0xFFFF;
    }

    /// Four bytes.
    public int i32() throws FrameException {
        need(4);
        return in.getInt();
    }

    /// Four bytes that count something.
    public long u32() throws FrameException {
        return i32() & 0xFFFF_FFFFL;
    }

    /// Eight bytes.
    public long i64() throws FrameException {
        need(8);
        return in.getLong();
    }

    /// A number in seven bits a byte, lowest first, in as few bytes as it needs.
    public long varint() throws FrameException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                if ((next == 0 && shift > 0) || (shift == 63 && next > 1)) {
                    throw refuse("number must be in its shortest form");
                }
                return value;
            }
        }
        throw refuse("number must have at most 10 bytes");
    }

    /// A number of that form from 0 to `limit`.
    public int varint(int limit) throws FrameException {
        long value = varint();
        if (value < 0 || value > limit) {
            throw refuse("number must be 0 to " + limit + ": found=" + value);
        }
        return (int) value;
    }

    /// A count of that form of things of at least `minBytes` each.
    public int varcount(int limit, int minBytes) throws FrameException {
        int count = varint(limit);
        if ((long) count * minBytes > in.remaining()) {
            throw refuse("count must fit the frame: found=" + count);
        }
        return count;
    }

    /// Bytes read yet, the header among them.
    public int position() {
        return in.position();
    }

    /// A copy of the bytes read since [#position] was `from`.
    public byte[] since(int from) {
        byte[] bytes = new byte[in.position() - from];
        in.get(from, bytes);
        return bytes;
    }

    /// Eight bytes that count something.
    public long count64() throws FrameException {
        long value = i64();
        if (value < 0) {
            throw refuse("number must not be negative: found=" + value);
        }
        return value;
    }

    /// A byte, 0 or 1.
    public boolean flag() throws FrameException {
        int value = u8();
        if (value > 1) {
            throw refuse("flag must be 0 or 1: found=" + value);
        }
        return value == 1;
    }

    /// A text.
    public String text() throws FrameException {
        int length = u16();
        need(length);
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw refuse("text must be UTF-8: length=" + length);
        }
    }

    /// How many things of at least `minBytes` each follow.
    public int count(int limit, int minBytes) throws FrameException {
        int count = u16();
        if (count > limit || (long) count * minBytes > in.remaining()) {
            throw refuse("count must be at most " + limit + " and fit the frame: found=" + count);
        }
        return count;
    }

    /// A list of services.
    public List<ServiceState> services() throws FrameException {
        int count = count(SERVICE_LIMIT, SERVICE_MIN_BYTES);
        List<ServiceState> services = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String job = text();
            String instance = text();
            int state = u8();
            String reason = text();
            services.add(valid(new ServiceFields(job, instance, state, reason, i64())));
        }
        return services;
    }

    /// That many bytes.
    public byte[] bytes(int count) throws FrameException {
        need(count);
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    /// An intent, or none.
    public Optional<Intent> intent() throws FrameException {
        int kind = u8();
        if (kind == 0) {
            return Optional.empty();
        }
        long untilMs = i64();
        String author = text();
        try {
            return Optional.of(new Intent(Intent.Kind.ofCode(kind), untilMs, author));
        } catch (IllegalArgumentException e) {
            throw refuse(e);
        }
    }

    /// A place.
    public Place place() throws FrameException {
        String zone = text();
        String rack = text();
        try {
            return new Place(zone, rack);
        } catch (IllegalArgumentException e) {
            throw refuse(e);
        }
    }

    /// A transition.
    public Transition transition() throws FrameException {
        String cell = text();
        String host = text();
        String job = text();
        String instance = text();
        long atMs = i64();
        long decidedMs = i64();
        String from = text();
        String to = text();
        Cause cause = Cause.ofCode(u8());
        Provenance provenance = Provenance.ofCode(u8());
        int count = u8();
        List<String> witnesses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            witnesses.add(text());
        }
        try {
            return new Transition(
                    cell,
                    host,
                    job,
                    instance,
                    atMs,
                    decidedMs,
                    from,
                    to,
                    cause,
                    provenance,
                    witnesses,
                    i64());
        } catch (IllegalArgumentException e) {
            throw refuse(e);
        }
    }

    /// Ends the reading: every byte must have been used.
    public void end() throws FrameException {
        if (in.hasRemaining()) {
            throw refuse("frame must end here: remaining=" + in.remaining());
        }
    }

    /// A refusal that says where.
    public FrameException refuse(String message) {
        return new FrameException(
                "frame type=" + type + " offsetBytes=" + in.position() + ": " + message);
    }

    /// A refusal of what a record would not take.
    public FrameException refuse(IllegalArgumentException why) {
        return refuse(String.valueOf(why.getMessage()));
    }

    private record ServiceFields(
            String job, String instance, int state, String reason, long sinceMs) {}

    private ServiceState valid(ServiceFields f) throws FrameException {
        if (f.reason.length() > ServiceState.TEXT_LIMIT) {
            throw refuse(
                    "reason must be at most "
                            + ServiceState.TEXT_LIMIT
                            + " characters: length="
                            + f.reason.length());
        }
        try {
            return new ServiceState(
                    f.job,
                    f.instance,
                    Health.ofCode(f.state & 3),
                    Provenance.ofCode(f.state >> 2),
                    f.reason,
                    f.sinceMs);
        } catch (IllegalArgumentException e) {
            throw refuse(e);
        }
    }

    private void need(int bytes) throws FrameException {
        if (in.remaining() < bytes) {
            throw refuse(
                    "frame must not be cut: needed=" + bytes + ", remaining=" + in.remaining());
        }
    }
}
