package dev.muster.agent.takeover;

import dev.muster.model.labels.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Takes apart the fields of a manifest that came from elsewhere: no count is believed before there
/// are bytes for it. Confined to one thread.
final class ManifestReader {
    private final ByteBuffer in;
    private final List<String> texts;

    ManifestReader(ByteBuffer in) throws ManifestException {
        this.in = in;
        int count = count(1);
        texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(decoded(count(1)));
        }
    }

    private String decoded(int length) throws ManifestException {
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw refuse("text must be UTF-8: length=" + length);
        }
    }

    long number() throws ManifestException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            need(1);
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw refuse("number must have at most 63 bits");
    }

    int integer() throws ManifestException {
        long value = number();
        if (value > Integer.MAX_VALUE) {
            throw refuse("number must have at most 31 bits: found=" + value);
        }
        return (int) value;
    }

    /// How many things of at least so many bytes follow.
    int count(int minBytes) throws ManifestException {
        long count = number();
        if (count * minBytes > in.remaining() || count > in.remaining()) {
            throw refuse("count must fit the manifest: found=" + count);
        }
        return (int) count;
    }

    int fixed32() throws ManifestException {
        need(4);
        return in.getInt();
    }

    long fixed64() throws ManifestException {
        need(8);
        return in.getLong();
    }

    /// @param most how many flags there are; other bits must be 0
    int flags(int most) throws ManifestException {
        need(1);
        int bits = in.get() & 0xFF;
        if (bits >>> most != 0) {
            throw refuse("flags must be known: found=0x" + Integer.toHexString(bits));
        }
        return bits;
    }

    String text() throws ManifestException {
        long at = number();
        if (at >= texts.size()) {
            throw refuse("text must be in the table: found=" + at + ", texts=" + texts.size());
        }
        return texts.get((int) at);
    }

    List<String> list() throws ManifestException {
        int count = count(1);
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(text());
        }
        return values;
    }

    Labels labels() throws ManifestException {
        int count = count(2);
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < count; i++) {
            labels.set(text(), text());
        }
        return labels.build();
    }

    <E extends Enum<E>> E oneOf(E[] values) throws ManifestException {
        int ordinal = integer();
        if (ordinal >= values.length) {
            throw refuse("choice must be known: found=" + ordinal);
        }
        return values[ordinal];
    }

    void end() throws ManifestException {
        if (in.hasRemaining()) {
            throw refuse("manifest must end here: remaining=" + in.remaining());
        }
    }

    ManifestException refuse(String message) {
        return new ManifestException("manifest offsetBytes=" + in.position() + ": " + message);
    }

    private void need(int bytes) throws ManifestException {
        if (in.remaining() < bytes) {
            throw refuse("must not be cut: needed=" + bytes + ", remaining=" + in.remaining());
        }
    }
}
