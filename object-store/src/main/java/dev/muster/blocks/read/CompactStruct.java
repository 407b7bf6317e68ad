package dev.muster.blocks.read;

import java.nio.charset.StandardCharsets;

/// Reads structs as Parquet's footers and headers have them, in Thrift's compact protocol, from
/// bytes in memory; what is not asked for is passed over without being made. Confined to one
/// thread.
///
/// Bytes that are no struct lead to a runtime exception, which the caller turns into one that names
/// the file.
final class CompactStruct {
    /*
     * A field is a byte, its low half the type and its high half what the number differs from that of the field before
     * (0: the number follows, in zigzag), then its value; a struct ends with a byte 0. Booleans lie in the type [1].
     *
     * [1] https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
     */
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int INT16 = 4;
    private static final int INT64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int DEEPEST = 16;

    private final byte[] bytes;
    private int at;
    private int type;

    /// @param bytes not copied
    /// @param start where the struct begins
    CompactStruct(byte[] bytes, int start) {
        this.bytes = bytes;
        at = start;
    }

    /// Where the next byte lies.
    int position() {
        return at;
    }

    /// Moves to the next field of a struct.
    ///
    /// @param before number of the field before it, 0 at the start
    /// @return its number; 0 at the end of the struct
    int field(int before) {
        int head = bytes[at++] & 0xff;
        if (head == 0) {
            return 0;
        }
        type = head & 0xf;
        int number = head >>> 4 == 0 ? (int) number() : before + (head >>> 4);
        if (number <= 0) {
            throw new IllegalStateException("struct: numbers of fields must be above 0");
        }
        return number;
    }

    /// The value of a field that is a number, of any size.
    long number() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    int int32() {
        return Math.toIntExact(number());
    }

    boolean flag() {
        return type == TRUE;
    }

    String text() {
        int length = length();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /// How many elements follow, which are structs, texts or numbers, as the schema says.
    int list() {
        int head = bytes[at++] & 0xff;
        type = head & 0xf;
        int size = head >>> 4 == 0xf ? Math.toIntExact(varint()) : head >>> 4;
        if (size < 0 || size > bytes.length - at) {
            throw new IllegalStateException("struct: list must fit: size=" + size);
        }
        return size;
    }

    /// Passes over the value of the field.
    void skip() {
        skip(type, 0);
    }

    private void skip(int of, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalStateException("struct: must not be that deep");
        }
        switch (of) {
            case TRUE, FALSE -> {}
            case BYTE -> at++;
            case INT16, INT16 + 1, INT64 -> varint();
            case DOUBLE -> at += Double.BYTES;
            case BINARY -> {
                int length = length();
                at += length;
            }
            case LIST, SET -> {
                int size = list();
                skip(type, size, depth);
            }
            case MAP -> skipMap(depth);
            case STRUCT -> {
                for (int number = field(0); number != 0; number = field(number)) {
                    skip(type, depth + 1);
                }
            }
            default -> throw new IllegalStateException("struct: type must be known: found=" + of);
        }
    }

    private void skip(int of, int size, int depth) {
        for (int i = 0; i < size; i++) {
            // elements that are booleans take a byte
            skip(of == TRUE || of == FALSE ? BYTE : of, depth + 1);
        }
    }

    private void skipMap(int depth) {
        int size = Math.toIntExact(varint());
        if (size == 0) {
            return;
        }
        int types = bytes[at++] & 0xff;
        for (int i = 0; i < size; i++) {
            skip(types >>> 4, 1, depth);
            skip(types & 0xf, 1, depth);
        }
    }

    private int length() {
        int length = Math.toIntExact(varint());
        if (length < 0 || length > bytes.length - at) {
            throw new IllegalStateException("struct: text must fit: sizeBytes=" + length);
        }
        return length;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("struct: number must end");
    }
}
