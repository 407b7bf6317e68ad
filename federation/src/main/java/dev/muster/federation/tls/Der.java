package dev.muster.federation.tls;

import java.io.ByteArrayOutputStream;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The little of DER (X.690) that private keys in their older forms need.
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT = 0x06;
    static final int SEQUENCE = 0x30;
    static final int PARAMETERS = 0xa0;

    private static final int LONG_FORM = 0x80;
    private static final int LENGTH_BYTES_LIMIT = 4;

    /// @param tag of the value
    /// @param content without tag and length
    /// @param whole with them
    record Value(int tag, byte[] content, byte[] whole) {}

    private Der() {}

    static byte[] value(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < LONG_FORM) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / Byte.SIZE;
            out.write(LONG_FORM | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (i * Byte.SIZE));
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /// The values that stand one after the other.
    ///
    /// @throws InvalidKeySpecException if they are cut off
    static List<Value> values(byte[] bytes) throws InvalidKeySpecException {
        List<Value> values = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int start = at;
            int tag = bytes[at++] & 0xff;
            long length = at < bytes.length ? bytes[at++] & 0xff : -1;
            if (length >= LONG_FORM) {
                int count = (int) length - LONG_FORM;
                length = count <= LENGTH_BYTES_LIMIT && at + count <= bytes.length ? 0 : -1;
                for (int i = 0; length >= 0 && i < count; i++) {
                    length = (length << Byte.SIZE) | (bytes[at++] & 0xff);
                }
            }
            if (length < 0 || at + length > bytes.length) {
                throw new InvalidKeySpecException("key must be whole DER: offsetBytes=" + start);
            }
            int end = Math.toIntExact(at + length);
            values.add(
                    new Value(
                            tag,
                            Arrays.copyOfRange(bytes, at, end),
                            Arrays.copyOfRange(bytes, start, end)));
            at = end;
        }
        return values;
    }
}
