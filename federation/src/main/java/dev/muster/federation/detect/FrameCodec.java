package dev.muster.federation.detect;

import dev.muster.federation.detect.RosterEntry.Presence;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceBits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Bytes of a [Frame]; drawn in `docs/format/cell-frames.md`. Knows the cell, and refuses frames of
/// another one.
public final class FrameCodec {
    private static final int BEAT = 1;
    private static final int ROSTER = 2;
    private static final int REPORT = 3;
    private static final int ASK = 4;
    private static final int TAKEN = 5;

    private static final int ENTRY_LIMIT = 1024;
    private static final int ENTRY_MIN_BYTES = 19;

    private final int cellHash;

    /// @param cell name of the cell whose frames these are
    public FrameCodec(String cell) {
        this.cellHash = hash(cell);
    }

    /// The bytes of a frame.
    public byte[] encode(Frame frame) {
        return switch (frame) {
            case Frame.Beat beat -> {
                FrameWriter out = writer(BEAT);
                encode(beat, out);
                yield out.finish();
            }
            case Frame.RosterFrame roster -> {
                FrameWriter out = writer(ROSTER).u16(roster.entries().size());
                roster.entries().forEach(entry -> encode(entry, out));
                yield out.finish();
            }
            case Frame.Report report -> {
                FrameWriter out = writer(REPORT);
                encode(report.agent(), out);
                out.i64(report.seq()).i64(report.sentMs()).intent(report.intent());
                yield out.services(report.services()).finish();
            }
            case Frame.Ask ask -> writer(ASK).text(ask.host()).finish();
            case Frame.Taken taken ->
                    writer(TAKEN)
                            .text(taken.observer())
                            .i64(taken.observerIncarnation())
                            .i64(taken.seq())
                            .text(taken.host())
                            .i64(taken.incarnation())
                            .u8(code(taken.probe()))
                            .services(taken.services())
                            .finish();
        };
    }

    private static void encode(Frame.Beat beat, FrameWriter out) {
        out.i64(beat.hostHash()).i64(beat.incarnation()).u32(beat.seq()).i64(beat.sentMs());
        out.i32(beat.rosterHash()).i32(beat.rosterDigest()).i64(beat.row());
        out.u32(beat.reportSeq()).i32(beat.namesHash()).i32(beat.stateHash());
        beat.services().write(out);
    }

    /// The frame of these bytes.
    ///
    /// @throws FrameException if the bytes are damaged, cut, too large, of another cell or of an
    ///   unknown version
    public Frame decode(byte[] bytes) throws FrameException {
        var in = new FrameReader(bytes);
        try {
            if (in.i32() != cellHash) {
                throw in.refuse("frame must be of this cell");
            }
            Frame frame = body(in);
            in.end();
            return frame;
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static Frame body(FrameReader in) throws FrameException {
        return switch (in.type()) {
            case BEAT ->
                    new Frame.Beat(
                            in.i64(),
                            in.i64(),
                            in.u32(),
                            in.i64(),
                            in.i32(),
                            in.i32(),
                            in.i64(),
                            in.u32(),
                            in.i32(),
                            in.i32(),
                            ServiceBits.read(in));
            case ROSTER -> new Frame.RosterFrame(entries(in));
            case REPORT ->
                    new Frame.Report(entry(in), in.i64(), in.i64(), in.intent(), in.services());
            case ASK -> new Frame.Ask(in.text());
            case TAKEN ->
                    new Frame.Taken(
                            in.text(),
                            in.i64(),
                            in.i64(),
                            in.text(),
                            in.i64(),
                            probe(in),
                            in.services());
            default -> throw in.refuse("frame must be of a known type");
        };
    }

    private static List<RosterEntry> entries(FrameReader in) throws FrameException {
        int count = in.count(ENTRY_LIMIT, ENTRY_MIN_BYTES);
        List<RosterEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(in));
        }
        return entries;
    }

    private static void encode(RosterEntry entry, FrameWriter out) {
        out.text(entry.host()).text(entry.httpUrl()).text(entry.beatAddress());
        out.place(entry.place()).i64(entry.incarnation());
        out.u8(
                switch (entry.presence()) {
                    case ACTIVE -> 0;
                    case LEFT -> 1;
                    case FORGOTTEN -> 2;
                });
    }

    private static RosterEntry entry(FrameReader in) throws FrameException {
        String host = in.text();
        String url = in.text();
        String address = in.text();
        Place place = in.place();
        long incarnation = in.i64();
        int code = in.u8();
        Presence presence =
                switch (code) {
                    case 0 -> Presence.ACTIVE;
                    case 1 -> Presence.LEFT;
                    case 2 -> Presence.FORGOTTEN;
                    default -> throw in.refuse("presence must be 0 to 2: found=" + code);
                };
        return new RosterEntry(host, url, address, place, incarnation, presence);
    }

    private static int code(ProbeResult probe) {
        return switch (probe) {
            case ALIVE -> 1;
            case CONNECTED -> 2;
            case REFUSED -> 3;
            case SILENT -> 4;
        };
    }

    private static ProbeResult probe(FrameReader in) throws FrameException {
        int code = in.u8();
        return switch (code) {
            case 1 -> ProbeResult.ALIVE;
            case 2 -> ProbeResult.CONNECTED;
            case 3 -> ProbeResult.REFUSED;
            case 4 -> ProbeResult.SILENT;
            default -> throw in.refuse("probe result must be 1 to 4: found=" + code);
        };
    }

    private FrameWriter writer(int type) {
        return new FrameWriter(type).i32(cellHash);
    }

    private static int hash(String cell) {
        var crc = new CRC32C();
        crc.update(cell.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
