package dev.muster.agent.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Walks the fields of one protobuf message that lies in a range of bytes. Reused; confined to one
/// thread.
///
/// Every read is checked against the end of the message, so that nothing beyond is looked at
/// whatever the lengths say. Source: https://protobuf.dev/programming-guides/encoding/
public final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private static final String HINT = "is the body cut short, or in another format?";
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];

    /// Place of the next byte.
    int at;

    /// One past the last byte of the message.
    int end;

    /// Place of the tag that was read last.
    int tagAt;

    /// Number of the field whose tag was read last.
    int field;

    private int wireType;

    /// Content of the field of bytes that was entered last.
    int start;

    int stop;

    public void reset(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        at = from;
        end = to;
    }

    /// Reads the tag of the next field.
    ///
    /// @return false at the end of the message
    public boolean next() throws ExpositionException {
        if (at >= end) {
            return false;
        }
        tagAt = at;
        long tag = varint();
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (tag >>> 32 != 0 || field == 0) {
            throw refuse(tagAt, "tag must have a field number: found=" + tag);
        }
        return true;
    }

    /// Is the field one of bytes: a text, a message or packed numbers?
    public boolean isBytes() {
        return wireType == BYTES;
    }

    /// The value of a number field.
    public long number() throws ExpositionException {
        require(VARINT);
        return varint();
    }

    /// Number of the field whose tag was read last.
    public int field() {
        return field;
    }

    /// First byte of the content that was found last.
    public int start() {
        return start;
    }

    /// One past the last byte of the content that was found last.
    public int stop() {
        return stop;
    }

    /// Is there anything left? For packed numbers, which have no tags.
    public boolean more() {
        return at < end;
    }

    /// The value of a field of 64 bits that is a whole number.
    public long fixed() throws ExpositionException {
        require(FIXED64);
        return nextFixed();
    }

    /// The next whole number of 64 bits, whatever the tag.
    public long nextFixed() throws ExpositionException {
        int from = at;
        step(8);
        return (long) LONG.get(bytes, from);
    }

    /// A reader of the content that was found last.
    public WireReader inside() {
        WireReader reader = new WireReader();
        reader.reset(bytes, start, stop);
        return reader;
    }

    /// The value of a text field.
    ///
    /// @param limit most bytes
    public String text(String what, int limit) throws ExpositionException {
        content();
        if (stop - start > limit) {
            throw refuse(
                    tagAt,
                    what
                            + " length must be within its limit: limit="
                            + limit
                            + ", found="
                            + (stop - start));
        }
        int invalid = Utf8.firstInvalid(bytes, start, stop);
        if (invalid < stop) {
            throw refuse(invalid, what + " must be UTF-8");
        }
        return new String(bytes, start, stop - start, StandardCharsets.UTF_8);
    }

    /// The value of a double field.
    public double real() throws ExpositionException {
        require(FIXED64);
        return fixed64();
    }

    /// Finds the content of a text or message, from [#start] up to [#stop], and steps over it.
    public void content() throws ExpositionException {
        require(BYTES);
        long length = varint();
        if (length < 0 || length > end - at) {
            throw refuse(
                    tagAt,
                    "field must end within its message: field="
                            + field
                            + ", lengthBytes="
                            + Long.toUnsignedString(length)
                            + ", left="
                            + (end - at));
        }
        start = at;
        stop = at + (int) length;
        at = stop;
    }

    /// Steps over a field that nobody asked for.
    public void skip() throws ExpositionException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> step(8);
            case BYTES -> content();
            case FIXED32 -> step(4);
            default ->
                    throw refuse(
                            tagAt,
                            "field must have a wire type of 0, 1, 2 or 5: field="
                                    + field
                                    + ", found="
                                    + wireType);
        }
    }

    /// The next number, whatever the tag.
    public long varint() throws ExpositionException {
        int from = at;
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw refuse(from, "number must end within its message");
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw refuse(from, "number must have at most 10 bytes");
    }

    /// The next number, which is written so that small negative ones are short.
    public long zigZag() throws ExpositionException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /// The next double, whatever the tag.
    public double fixed64() throws ExpositionException {
        int from = at;
        step(8);
        return Double.longBitsToDouble((long) LONG.get(bytes, from));
    }

    private void step(int count) throws ExpositionException {
        if (end - at < count) {
            throw refuse(at, "number must end within its message");
        }
        at += count;
    }

    private void require(int wanted) throws ExpositionException {
        if (wireType != wanted) {
            throw refuse(
                    tagAt,
                    "field must have its wire type: field="
                            + field
                            + ", expected="
                            + wanted
                            + ", found="
                            + wireType);
        }
    }

    private static ExpositionException refuse(int at, String rule) {
        return new ExpositionException(at, rule, HINT);
    }
}
