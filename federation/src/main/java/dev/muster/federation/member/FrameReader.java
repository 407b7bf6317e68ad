package dev.muster.federation.member;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Takes apart the bytes of one frame that came from outside: nothing is read before the checksum
/// holds, no count is believed before the bytes for it are there. Confined to one thread, used
/// once.
public final class FrameReader {
    /// Most bytes of a frame.
    public static final int FRAME_LIMIT = 16 << 20;

    /// Most services of one agent.
    public static final int SERVICE_LIMIT = ServiceBits.LIMIT;

    private static final int SERVICE_MIN_BYTES = 15;
    private static final char REPLACEMENT = '\uFFFD';
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private final int type;
    private int at;

    /// @throws FrameException if the bytes are no whole, undamaged frame of a known version
    public FrameReader(byte[] bytes) throws FrameException {
        if (bytes.length < FrameWriter.HEADER_BYTES + FrameWriter.CRC_BYTES
                || bytes.length > FRAME_LIMIT) {
            throw new FrameException(
                    "frame must be 8 to " + FRAME_LIMIT + " bytes: length=" + bytes.length);
        }
        this.bytes = bytes;
        end = bytes.length - FrameWriter.CRC_BYTES;
        int magic = u16();
        int version = u8();
        type = u8();
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
        return bytes[at++] & 0xFF;
    }

    /// Two bytes.
    public int u16() throws FrameException {
        need(2);
        at += 2;
        return ((bytes[at - 2] & 0xFF) << 8) | (bytes[at - 1] & 0xFF);
    }

    /// Four bytes.
    public int i32() throws FrameException {
        need(4);
        at += 4;
        return (int) INTS.get(bytes, at - 4);
    }

    /// Four bytes that count something.
    public long u32() throws FrameException {
        return i32() & 0xFFFF_FFFFL;
    }

    /// Eight bytes.
    public long i64() throws FrameException {
        need(8);
        at += 8;
        return (long) LONGS.get(bytes, at - 8);
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
        if ((long) count * minBytes > remaining()) {
            throw refuse("count must fit the frame: found=" + count);
        }
        return count;
    }

    /// Bytes read yet, the header among them.
    public int position() {
        return at;
    }

    /// A copy of the bytes read since [#position] was `from`.
    public byte[] since(int from) {
        return Arrays.copyOfRange(bytes, from, at);
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
        at += length;
        String text = utf8(bytes, at - length, length);
        if (text == null) {
            throw refuse("text must be UTF-8: length=" + length);
        }
        return text;
    }

    /// The text of these bytes; null if they are not UTF-8.
    public static @Nullable String utf8(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        // what is not UTF-8 becomes this character, which may also have been told
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /// How many things of at least `minBytes` each follow.
    public int count(int limit, int minBytes) throws FrameException {
        int count = u16();
        if (count > limit || (long) count * minBytes > remaining()) {
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
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    /// That many bytes, to that place of an array.
    public void bytes(int count, byte[] into, int from) throws FrameException {
        need(count);
        System.arraycopy(bytes, at, into, from, count);
        at += count;
    }

    /// Goes over these bytes if they come next.
    ///
    /// @return whether they did
    public boolean takes(byte[] expected) {
        boolean next =
                expected.length <= remaining()
                        && Arrays.equals(
                                bytes, at, at + expected.length, expected, 0, expected.length);
        at += next ? expected.length : 0;
        return next;
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
        if (at < end) {
            throw refuse("frame must end here: remaining=" + remaining());
        }
    }

    /// A refusal that says where.
    public FrameException refuse(String message) {
        return new FrameException("frame type=" + type + " offsetBytes=" + at + ": " + message);
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

    private int remaining() {
        return end - at;
    }

    private void need(int count) throws FrameException {
        if (remaining() < count) {
            throw refuse("frame must not be cut: needed=" + count + ", remaining=" + remaining());
        }
    }
}
