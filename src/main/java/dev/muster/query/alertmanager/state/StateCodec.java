package dev.muster.query.alertmanager.state;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.match.MatcherException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Bytes of records, on disk and between nodes; drawn in `docs/format/alert-state.md`.
public final class StateCodec {
    /// Most bytes of one record.
    public static final int RECORD_LIMIT_BYTES = 16 << 20;

    private static final int ALERT = 1;
    private static final int SILENCE = 2;
    private static final int NOTIFICATION = 3;
    private static final int INTENT = 4;
    private static final int ROW = 5;
    private static final int MEASURED_ALERT = 6;
    private static final int RULE_FILE = 7;
    private static final int MERGED_NOTIFICATION = 8;
    private static final int TEXTS_LIMIT = 1 << 20;

    private StateCodec() {}

    /// One record with its length and checksum before it.
    public static byte[] framed(StateRecord record) {
        byte[] payload = payload(record);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 8);
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(payload.length);
            out.writeInt(checksum(payload));
            out.write(payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// The next record of a stream; null at its end.
    ///
    /// @throws IOException if what follows is no whole, undamaged record
    public static @org.jspecify.annotations.Nullable StateRecord read(DataInputStream in)
            throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length < 1 || length > RECORD_LIMIT_BYTES) {
            throw new IOException(
                    "record length must be 1 to " + RECORD_LIMIT_BYTES + ": " + length);
        }
        int expected = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("record must be whole: length=" + length);
        }
        if (checksum(payload) != expected) {
            throw new IOException(
                    String.format(
                            "record checksum must match: expected=0x%08x, actual=0x%08x",
                            expected, checksum(payload)));
        }
        return decode(payload);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static byte[] payload(StateRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            switch (record) {
                case StateRecord.OfAlert(var alert) -> write(out, alert);
                case StateRecord.OfSilence(var silence) -> write(out, silence);
                case StateRecord.OfNotification(var key, var entry) -> write(out, key, entry);
                case StateRecord.OfIntent(var key, var intent) -> write(out, key, intent);
                case StateRecord.OfRuleFile(var name, var text, var changedMs) -> {
                    out.writeByte(RULE_FILE);
                    write(out, name);
                    out.writeBoolean(text.isPresent());
                    write(out, text.orElse(""));
                    out.writeLong(changedMs);
                }
                case StateRecord.OfRow(var row) -> {
                    out.writeByte(ROW);
                    RowCodec.write(out, row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Alert alert) throws IOException {
        out.writeByte(alert.isMeasured() ? MEASURED_ALERT : ALERT);
        SortedMap<String, String> labels = new TreeMap<>();
        alert.labels().forEach(labels::put);
        write(out, labels);
        write(out, alert.annotations());
        write(out, alert.startsAt());
        write(out, alert.endsAt());
        write(out, alert.updatedAt());
        out.writeBoolean(alert.timeout());
        write(out, alert.generatorUrl());
        if (alert.isMeasured()) {
            out.writeDouble(alert.value());
            out.writeDouble(alert.share());
        }
    }

    private static void write(DataOutputStream out, Silence silence) throws IOException {
        out.writeByte(SILENCE);
        write(out, silence.id());
        out.writeInt(silence.matchers().size());
        for (Matcher matcher : silence.matchers()) {
            write(out, matcher.name());
            out.writeByte(matcher.op().ordinal());
            write(out, matcher.value());
        }
        write(out, silence.startsAt());
        write(out, silence.endsAt());
        write(out, silence.updatedAt());
        write(out, silence.createdBy());
        write(out, silence.comment());
        write(out, silence.annotations());
    }

    private static void write(DataOutputStream out, NotificationKey key, NotificationEntry entry)
            throws IOException {
        out.writeByte(MERGED_NOTIFICATION);
        write(out, key);
        write(out, entry.at());
        write(out, entry.expiresAt());
        write(out, entry.firing());
        write(out, entry.resolved());
        out.writeInt(entry.knows().size());
        for (Map.Entry<String, Instant> note : entry.knows().entrySet()) {
            write(out, note.getKey());
            write(out, note.getValue());
        }
        out.writeInt(entry.earlier().size());
        for (Map.Entry<Long, Instant> told : entry.earlier().entrySet()) {
            out.writeLong(told.getKey());
            write(out, told.getValue());
        }
    }

    private static void write(DataOutputStream out, NotificationKey key) throws IOException {
        write(out, key.groupKey());
        write(out, key.receiver());
        write(out, key.integration());
        out.writeInt(key.index());
    }

    private static void write(DataOutputStream out, NotificationKey key, Intent intent)
            throws IOException {
        out.writeByte(INTENT);
        write(out, key);
        write(out, intent.at());
        write(out, intent.node());
        out.writeLong(intent.run());
        out.writeBoolean(intent.open());
        write(out, intent.firing());
    }

    static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void write(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    static void write(DataOutputStream out, Map<String, String> texts) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            write(out, entry.getKey());
            write(out, entry.getValue());
        }
    }

    private static void write(DataOutputStream out, Set<Long> numbers) throws IOException {
        out.writeInt(numbers.size());
        for (long number : numbers.stream().sorted().toList()) {
            out.writeLong(number);
        }
    }

    private static StateRecord decode(byte[] payload) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        try {
            int kind = in.readUnsignedByte();
            StateRecord record =
                    switch (kind) {
                        case ALERT -> new StateRecord.OfAlert(alert(in));
                        case SILENCE -> new StateRecord.OfSilence(silence(in));
                        case NOTIFICATION ->
                                new StateRecord.OfNotification(key(in), notification(in));
                        case MERGED_NOTIFICATION ->
                                new StateRecord.OfNotification(key(in), merged(in));
                        case INTENT ->
                                new StateRecord.OfIntent(
                                        key(in),
                                        new Intent(
                                                time(in),
                                                text(in),
                                                in.readLong(),
                                                in.readBoolean(),
                                                numbers(in)));
                        case RULE_FILE -> ruleFile(in);
                        case ROW -> new StateRecord.OfRow(RowCodec.read(in));
                        case MEASURED_ALERT ->
                                new StateRecord.OfAlert(
                                        alert(in).measured(in.readDouble(), in.readDouble()));
                        default -> throw new IOException("record kind must be known: " + kind);
                    };
            if (in.read() >= 0) {
                throw new IOException("record must end with its last field: kind=" + kind);
            }
            return record;
        } catch (IllegalArgumentException | DateTimeException | MatcherException e) {
            throw new IOException("record is wrong: " + e.getMessage(), e);
        }
    }

    private static StateRecord ruleFile(DataInputStream in) throws IOException {
        String name = text(in);
        boolean there = in.readBoolean();
        String text = text(in);
        return new StateRecord.OfRuleFile(
                name, there ? Optional.of(text) : Optional.empty(), in.readLong());
    }

    private static Alert alert(DataInputStream in) throws IOException {
        Labels labels = Labels.of(texts(in));
        return Alert.of(
                labels, texts(in), time(in), time(in), time(in), in.readBoolean(), text(in));
    }

    private static Silence silence(DataInputStream in) throws IOException, MatcherException {
        String id = text(in);
        List<Matcher> matchers = new ArrayList<>();
        int count = count(in);
        for (int i = 0; i < count; i++) {
            String name = text(in);
            int op = in.readUnsignedByte();
            if (op >= Matcher.Op.values().length) {
                throw new IOException("record matcher must be of a known kind: " + op);
            }
            matchers.add(Matcher.of(name, Matcher.Op.values()[op], text(in)));
        }
        return new Silence(
                id, matchers, time(in), time(in), time(in), text(in), text(in), texts(in));
    }

    private static NotificationEntry notification(DataInputStream in) throws IOException {
        return new NotificationEntry(time(in), time(in), numbers(in), numbers(in));
    }

    private static NotificationEntry merged(DataInputStream in) throws IOException {
        NotificationEntry told = notification(in);
        Map<String, Instant> knows = new HashMap<>();
        for (int left = count(in); left > 0; left--) {
            knows.put(text(in), time(in));
        }
        Map<Long, Instant> earlier = new HashMap<>();
        for (int left = count(in); left > 0; left--) {
            earlier.put(in.readLong(), time(in));
        }
        return new NotificationEntry(
                told.at(), told.expiresAt(), told.firing(), told.resolved(), knows, earlier);
    }

    private static NotificationKey key(DataInputStream in) throws IOException {
        return new NotificationKey(text(in), text(in), text(in), in.readInt());
    }

    static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(Math.clamp(length, 0, RECORD_LIMIT_BYTES));
        if (bytes.length != length) {
            throw new IOException("record text must be whole: length=" + length);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Instant time(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    static SortedMap<String, String> texts(DataInputStream in) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        int count = count(in);
        for (int i = 0; i < count; i++) {
            texts.put(text(in), text(in));
        }
        return texts;
    }

    private static Set<Long> numbers(DataInputStream in) throws IOException {
        Set<Long> numbers = new HashSet<>();
        int count = count(in);
        for (int i = 0; i < count; i++) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > TEXTS_LIMIT) {
            throw new IOException("record count must be 0 to " + TEXTS_LIMIT + ": " + count);
        }
        return count;
    }
}
