package dev.muster.agent.scrape.sd.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Questions and answers as they go over the wire.
final class DnsMessage {
    /*
     * RFC 1035, section 4: a header of six 16-bit numbers (id, flags, and how many questions,
     * answers, authorities and additionals follow), then those. Names are labels with their length
     * before them; a length with the two highest bits set is a pointer to an earlier place. EDNS
     * (RFC 6891) is an additional record whose class says how large a packet may be.
     */
    static final int PACKET_BYTES_LIMIT = 4_096;

    private static final int HEADER_BYTES = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int IS_RESPONSE = 0x8000;
    private static final int IS_TRUNCATED = 0x0200;
    private static final int CLASS_INTERNET = 1;
    private static final int TYPE_EDNS = 41;
    private static final int NAME_LIMIT = 253;
    private static final int LABEL_LIMIT = 63;

    /// A name of 255 bytes has at most 127 labels, so more pointers than that go in circles.
    private static final int POINTERS_LIMIT = 127;

    private DnsMessage() {}

    /// @throws IllegalArgumentException if no question can be asked about `name`
    static void checkName(String name) {
        String relative = relative(name);
        boolean right = !relative.isEmpty() && relative.length() <= NAME_LIMIT;
        for (String label : relative.split("\\.", -1)) {
            int length = label.getBytes(StandardCharsets.UTF_8).length;
            right &= length > 0 && length <= LABEL_LIMIT;
        }
        if (!right) {
            throw new IllegalArgumentException("must be a DNS name: found=" + name);
        }
    }

    private static String relative(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    static byte[] question(int id, String name, DnsType type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        put16(out, id);
        put16(out, RECURSION_DESIRED);
        put16(out, 1);
        put16(out, 0);
        put16(out, 0);
        put16(out, 1);
        putName(out, name);
        put16(out, type.code);
        put16(out, CLASS_INTERNET);
        out.write(0);
        put16(out, TYPE_EDNS);
        put16(out, PACKET_BYTES_LIMIT);
        put16(out, 0);
        put16(out, 0);
        put16(out, 0);
        return out.toByteArray();
    }

    private static void putName(ByteArrayOutputStream out, String name) {
        for (String label : relative(name).split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
    }

    private static void put16(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    /// Is this the start of an answer to that question?
    static boolean answers(byte[] bytes, int length, int id) {
        return length >= HEADER_BYTES
                && ((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) == id
                && (bytes[2] & 0x80) != 0;
    }

    /// @throws IOException if the bytes are no answer to a question about `name`
    static DnsAnswer answer(byte[] bytes, int length, String name, DnsType type)
            throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        try {
            in.getShort();
            int flags = in.getShort();
            int questions = in.getShort() & 0xffff;
            int answers = in.getShort() & 0xffff;
            in.position(HEADER_BYTES);
            if ((flags & IS_RESPONSE) == 0 || questions != 1) {
                throw new IOException("dns answer must repeat one question: found=" + questions);
            }
            String about = name(in);
            int aboutType = in.getShort();
            in.getShort();
            if (aboutType != type.code || !sameName(about, name)) {
                throw new IOException("dns answer must be about " + name + ": found=" + about);
            }
            boolean truncated = (flags & IS_TRUNCATED) != 0;
            List<DnsRecord> records = truncated ? List.of() : records(in, answers);
            return new DnsAnswer(flags & 0xf, truncated, records);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("dns answer must be whole: lengthBytes=" + length, e);
        }
    }

    private static boolean sameName(String dotted, String asked) {
        String rooted = asked.endsWith(".") ? asked : asked + ".";
        return dotted.toLowerCase(Locale.ROOT).equals(rooted.toLowerCase(Locale.ROOT));
    }

    private static List<DnsRecord> records(ByteBuffer in, int count) throws IOException {
        List<DnsRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var _ = name(in);
            int type = in.getShort();
            in.getShort();
            in.getInt();
            int length = in.getShort() & 0xffff;
            int end = in.position() + length;
            for (DnsType known : DnsType.values()) {
                if (known.code == type) {
                    records.add(record(in, known, length));
                }
            }
            in.position(end);
        }
        return records;
    }

    private static DnsRecord record(ByteBuffer in, DnsType type, int length) throws IOException {
        return switch (type) {
            case A, AAAA -> new DnsRecord(type, address(in, type, length), 0);
            case NS -> new DnsRecord(type, name(in), 0);
            case MX -> {
                in.getShort();
                yield new DnsRecord(type, name(in), 0);
            }
            case SRV -> {
                in.getInt();
                int port = in.getShort() & 0xffff;
                yield new DnsRecord(type, name(in), port);
            }
        };
    }

    private static String address(ByteBuffer in, DnsType type, int length) throws IOException {
        if (length != (type == DnsType.A ? 4 : 16)) {
            throw new IOException("dns address must be 4 or 16 bytes: found=" + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return AddressText.of(InetAddress.getByAddress(bytes));
    }

    /// Reads a name and stands behind it, wherever its pointers led.
    private static String name(ByteBuffer in) throws IOException {
        StringBuilder name = new StringBuilder();
        int after = -1;
        int pointers = 0;
        while (true) {
            int length = in.get() & 0xff;
            if (length == 0) {
                break;
            }
            if ((length & 0xc0) == 0xc0) {
                int to = (length & 0x3f) << 8 | (in.get() & 0xff);
                after = after < 0 ? in.position() : after;
                if (++pointers > POINTERS_LIMIT) {
                    throw new IOException("dns name must end: pointers=" + pointers);
                }
                in.position(to);
            } else {
                byte[] label = new byte[length];
                in.get(label);
                name.append(new String(label, StandardCharsets.UTF_8)).append('.');
                if (name.length() > NAME_LIMIT + 2) {
                    throw new IOException("dns name must be at most " + NAME_LIMIT + " characters");
                }
            }
        }
        if (after >= 0) {
            in.position(after);
        }
        return name.isEmpty() ? "." : name.toString();
    }
}
