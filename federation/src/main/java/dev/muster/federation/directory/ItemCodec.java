package dev.muster.federation.directory;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Items in a frame: the zones by number, numbers in as few bytes as they need, contacts with an
/// IPv4 address in nine bytes. A table of hundreds of cells then fits into a few packets.
final class ItemCodec {
    private static final int CELL = 1;
    private static final int WATCH = 2;
    private static final int ITEM_MIN_BYTES = 10;
    private static final int NAME_LIMIT = 1024;
    private static final int COUNT_LIMIT = 1024;

    private static final int CONTACT_TEXT = 0;
    private static final int CONTACT_IPV4 = 1;
    private static final int HEALTHY = 1;
    private static final int ROWS = 2;

    private static final String PLAIN_HTTP = "http://";

    /// Ages travel in tenths of a second.
    private static final long AGE_UNIT_MS = 100;

    private ItemCodec() {}

    static void write(List<Aged> items, FrameWriter out) {
        Map<String, Integer> zones = new LinkedHashMap<>();
        items.forEach(aged -> zones.putIfAbsent(zone(aged.item()), zones.size()));
        number(zones.size(), out);
        zones.keySet().forEach(zone -> name(zone, out));
        out.u16(items.size());
        for (Aged aged : items) {
            int zone = zones.getOrDefault(zone(aged.item()), 0);
            switch (aged.item()) {
                case CellEntry entry -> write(entry, zone, out);
                case WatchResult result -> write(result, zone, out);
            }
            number(aged.ageMs() / AGE_UNIT_MS, out);
        }
    }

    private static String zone(DirectoryItem item) {
        return switch (item) {
            case CellEntry entry -> entry.zone();
            case WatchResult result -> result.watcherZone();
        };
    }

    private static void write(CellEntry entry, int zone, FrameWriter out) {
        out.u8(CELL);
        name(entry.cell(), out);
        number(zone, out);
        number(entry.mapEpoch(), out);
        out.u8(entry.contacts().size());
        entry.contacts().forEach(contact -> write(contact, out));
        out.i32(entry.rosterHash());
        number(entry.up(), out);
        number(entry.down(), out);
        number(entry.expected(), out);
        out.i64(entry.cellHash());
        version(entry.version(), out);
    }

    private static void write(WatchResult result, int zone, FrameWriter out) {
        out.u8(WATCH);
        name(result.cell(), out);
        name(result.watcher(), out);
        number(zone, out);
        boolean rows = result.probedRow() != 0;
        out.u8((result.healthy() ? HEALTHY : 0) | (rows ? ROWS : 0));
        out.u8(result.asked()).u8(result.reachable());
        if (rows) {
            out.i32(result.rosterHash()).i64(result.probedRow()).i64(result.silentRow());
        }
        out.i64(result.atMs());
        version(result.version(), out);
    }

    static List<Aged> read(FrameReader in) throws FrameException {
        int zoneCount = bounded(in, DirectoryFrame.ITEM_LIMIT);
        List<String> zones = new ArrayList<>();
        for (int i = 0; i < zoneCount; i++) {
            zones.add(name(in));
        }
        int count = in.count(DirectoryFrame.ITEM_LIMIT, ITEM_MIN_BYTES);
        List<Aged> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            DirectoryItem item = item(in, zones);
            long age = number(in);
            if (age > Long.MAX_VALUE / AGE_UNIT_MS) {
                throw in.refuse("age must not overflow: found=" + age);
            }
            items.add(new Aged(item, age * AGE_UNIT_MS));
        }
        return items;
    }

    private static DirectoryItem item(FrameReader in, List<String> zones) throws FrameException {
        int kind = in.u8();
        try {
            return switch (kind) {
                case CELL -> cell(in, zones);
                case WATCH -> watch(in, zones);
                default -> throw in.refuse("item must be of a known kind: found=" + kind);
            };
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static CellEntry cell(FrameReader in, List<String> zones) throws FrameException {
        String cell = name(in);
        String zone = zone(in, zones);
        long epoch = number(in);
        int contactCount = in.u8();
        if (contactCount > CellEntry.CONTACT_LIMIT) {
            throw in.refuse("contacts must be at most 3: found=" + contactCount);
        }
        List<Contact> contacts = new ArrayList<>(contactCount);
        for (int i = 0; i < contactCount; i++) {
            contacts.add(contact(in));
        }
        int rosterHash = in.i32();
        int up = bounded(in, COUNT_LIMIT);
        int down = bounded(in, COUNT_LIMIT);
        int expected = bounded(in, COUNT_LIMIT);
        long cellHash = in.i64();
        return new CellEntry(
                cell, zone, epoch, contacts, rosterHash, up, down, expected, cellHash, version(in));
    }

    private static WatchResult watch(FrameReader in, List<String> zones) throws FrameException {
        String cell = name(in);
        String watcher = name(in);
        String zone = zone(in, zones);
        int flags = in.u8();
        if (flags > (HEALTHY | ROWS)) {
            throw in.refuse("flags must be known: found=" + flags);
        }
        int asked = in.u8();
        int reachable = in.u8();
        boolean rows = (flags & ROWS) != 0;
        int rosterHash = rows ? in.i32() : 0;
        long probed = rows ? in.i64() : 0;
        long silent = rows ? in.i64() : 0;
        long atMs = in.i64();
        return new WatchResult(
                cell,
                watcher,
                zone,
                asked,
                reachable,
                (flags & HEALTHY) != 0,
                rosterHash,
                probed,
                silent,
                atMs,
                version(in));
    }

    private static String zone(FrameReader in, List<String> zones) throws FrameException {
        int index = bounded(in, DirectoryFrame.ITEM_LIMIT);
        if (index >= zones.size()) {
            throw in.refuse("zone must be one of " + zones.size() + ": found=" + index);
        }
        return zones.get(index);
    }

    private static void write(Contact contact, FrameWriter out) {
        String url = contact.httpUrl();
        String member = contact.memberAddress();
        long http = url.startsWith(PLAIN_HTTP) ? ipv4(url.substring(PLAIN_HTTP.length())) : -1;
        long tcp = member.isEmpty() ? http & ~0xFFFFL : ipv4(member);
        if (http < 0 || tcp < 0 || http >>> 16 != tcp >>> 16) {
            out.u8(CONTACT_TEXT);
            name(url, out);
            name(member, out);
        } else {
            out.u8(CONTACT_IPV4).i32((int) (http >>> 16));
            out.u16((int) http & 0xFFFF).u16((int) tcp & 0xFFFF);
        }
    }

    /// An IPv4 address and a port, in 48 bits; negative for a text that is not just these, as they
    /// are written shortest.
    private static long ipv4(String text) {
        long value = 0;
        int digits = 0;
        int number = 0;
        int parts = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '/';
            if (c >= '0' && c <= '9' && digits < 5 && (digits == 0 || number > 0)) {
                number = number * 10 + c - '0';
                digits++;
            } else if (digits > 0 && c == (parts < 3 ? '.' : parts == 3 ? ':' : '/')) {
                int limit = parts == 4 ? 0xFFFF : 0xFF;
                if (number > limit || (parts == 4 && (number == 0 || i < text.length()))) {
                    return -1;
                }
                value = value << (parts == 4 ? 16 : 8) | number;
                parts++;
                digits = 0;
                number = 0;
            } else {
                return -1;
            }
        }
        return parts == 5 ? value : -1;
    }

    private static Contact contact(FrameReader in) throws FrameException {
        int kind = in.u8();
        if (kind == CONTACT_TEXT) {
            return new Contact(name(in), name(in));
        }
        if (kind != CONTACT_IPV4) {
            throw in.refuse("contact must be of a known kind: found=" + kind);
        }
        String address = in.u8() + "." + in.u8() + "." + in.u8() + "." + in.u8();
        int port = in.u16();
        int memberPort = in.u16();
        return new Contact(
                "http://" + address + ":" + port,
                memberPort == 0 ? "" : address + ":" + memberPort);
    }

    private static void version(Version version, FrameWriter out) {
        number(version.term(), out);
        number(version.seq(), out);
        out.i32(version.writer());
    }

    private static Version version(FrameReader in) throws FrameException {
        return new Version(number(in), number(in), in.i32());
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private static void number(long value, FrameWriter out) {
        long rest = value;
        while (rest > 0x7F) {
            out.u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.u8((int) rest);
    }

    private static long number(FrameReader in) throws FrameException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = in.u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw in.refuse("number must have at most 9 bytes");
    }

    private static int bounded(FrameReader in, int limit) throws FrameException {
        long value = number(in);
        if (value > limit) {
            throw in.refuse("number must be at most " + limit + ": found=" + value);
        }
        return (int) value;
    }

    private static void name(String text, FrameWriter out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length, out);
        for (byte b : utf8) {
            out.u8(b & 0xFF);
        }
    }

    private static String name(FrameReader in) throws FrameException {
        int length = bounded(in, NAME_LIMIT * 3);
        byte[] utf8 = new byte[length];
        for (int i = 0; i < length; i++) {
            utf8[i] = (byte) in.u8();
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw in.refuse("name must be UTF-8: length=" + length);
        }
    }
}
