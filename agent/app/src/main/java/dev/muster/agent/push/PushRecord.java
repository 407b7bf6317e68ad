package dev.muster.agent.push;

import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.model.labels.Labels;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One change of the groups as the log has it: [docs/format/push-log.md].
sealed interface PushRecord {
    /// Families were pushed.
    ///
    /// @param replace they take the place of all others of the group
    /// @param seconds when, Unix time
    /// @param expiresMs when the group goes; 0 for never
    record Pushed(
            GroupKey key,
            boolean replace,
            double seconds,
            long expiresMs,
            List<EncodedFamily> families)
            implements PushRecord {}

    /// A push was refused.
    record Failed(GroupKey key, double seconds) implements PushRecord {}

    /// A group is gone.
    record Deleted(GroupKey key) implements PushRecord {}

    /// All groups are gone.
    record Wiped() implements PushRecord {}

    /// A group as it was when the file began.
    record Held(
            GroupKey key,
            double pushedSeconds,
            double failedSeconds,
            long expiresMs,
            Map<EncodedFamily, Long> families)
            implements PushRecord {}

    int PUSHED = 1;
    int FAILED = 2;
    int DELETED = 3;
    int WIPED = 4;
    int HELD = 5;

    static Held held(PushGroup group) {
        Map<EncodedFamily, Long> families = new LinkedHashMap<>();
        try {
            for (HeldFamily family : group.families().values()) {
                families.put(EncodedFamily.of(group.bytes(family)), family.pushedMs());
            }
        } catch (ExpositionException e) {
            throw new IllegalStateException("a held family must be readable", e);
        }
        return new Held(
                group.key(),
                group.pushedSeconds(),
                group.failedSeconds(),
                group.expiresMs(),
                families);
    }

    default byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            switch (this) {
                case Pushed(var key, var replace, var seconds, var expiresMs, var families) -> {
                    out.writeByte(PUSHED);
                    key(out, key);
                    out.writeBoolean(replace);
                    out.writeDouble(seconds);
                    out.writeLong(expiresMs);
                    out.writeInt(families.size());
                    for (EncodedFamily family : families) {
                        family(out, family);
                    }
                }
                case Failed(var key, var seconds) -> {
                    out.writeByte(FAILED);
                    key(out, key);
                    out.writeDouble(seconds);
                }
                case Deleted(var key) -> {
                    out.writeByte(DELETED);
                    key(out, key);
                }
                case Wiped() -> out.writeByte(WIPED);
                case Held(var key, var pushed, var failed, var expiresMs, var families) -> {
                    out.writeByte(HELD);
                    key(out, key);
                    out.writeDouble(pushed);
                    out.writeDouble(failed);
                    out.writeLong(expiresMs);
                    out.writeInt(families.size());
                    for (Map.Entry<EncodedFamily, Long> family : families.entrySet()) {
                        out.writeLong(family.getValue());
                        family(out, family.getKey());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void key(DataOutputStream out, GroupKey key) throws IOException {
        Labels labels = key.labels();
        out.writeShort(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            text(out, labels.name(i));
            text(out, labels.value(i));
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static void family(DataOutputStream out, EncodedFamily family) throws IOException {
        byte[] bytes = new byte[family.sizeBytes()];
        family.copyTo(bytes, 0);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @throws IOException if the bytes are no record
    static PushRecord decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            PushRecord record = decode(in);
            if (in.hasRemaining()) {
                throw new IOException("record must end with its body: left=" + in.remaining());
            }
            return record;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("record must be whole and right: " + e, e);
        } catch (ExpositionException e) {
            throw new IOException("family of a record must be readable: " + e.getMessage(), e);
        }
    }

    private static PushRecord decode(ByteBuffer in) throws IOException, ExpositionException {
        int kind = in.get();
        return switch (kind) {
            case PUSHED ->
                    new Pushed(key(in), in.get() != 0, in.getDouble(), in.getLong(), families(in));
            case FAILED -> new Failed(key(in), in.getDouble());
            case DELETED -> new Deleted(key(in));
            case WIPED -> new Wiped();
            case HELD ->
                    new Held(
                            key(in),
                            in.getDouble(),
                            in.getDouble(),
                            in.getLong(),
                            timedFamilies(in));
            default -> throw new IOException("kind of a record must be 1 to 5: found=" + kind);
        };
    }

    private static GroupKey key(ByteBuffer in) {
        int count = in.getShort();
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < count; i++) {
            labels.set(text(in), text(in));
        }
        return new GroupKey(labels.build());
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("length must be within the record: " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static List<EncodedFamily> families(ByteBuffer in) throws ExpositionException {
        int count = in.getInt();
        List<EncodedFamily> families = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            families.add(EncodedFamily.of(bytes(in)));
        }
        return families;
    }

    private static Map<EncodedFamily, Long> timedFamilies(ByteBuffer in)
            throws ExpositionException {
        int count = in.getInt();
        Map<EncodedFamily, Long> families = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            long pushedMs = in.getLong();
            families.put(EncodedFamily.of(bytes(in)), pushedMs);
        }
        return families;
    }
}
