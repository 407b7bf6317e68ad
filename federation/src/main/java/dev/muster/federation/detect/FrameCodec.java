package dev.muster.federation.detect;

import dev.muster.federation.detect.RosterEntry.Presence;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
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

    private static final int ENTRY_LIMIT = 1024;
    private static final int ENTRY_MIN_BYTES = 14;

    private final int cellHash;

    /// @param cell name of the cell whose frames these are
    public FrameCodec(String cell) {
        this.cellHash = hash(cell);
    }

    /// The bytes of a frame.
    public byte[] encode(Frame frame) {
        return switch (frame) {
            case Frame.Beat beat ->
                    writer(BEAT)
                            .text(beat.host())
                            .text(beat.httpUrl())
                            .i64(beat.incarnation())
                            .i64(beat.seq())
                            .i32(beat.rosterHash())
                            .i32(beat.rosterDigest())
                            .i64(beat.row())
                            .i64(beat.reportSeq())
                            .finish();
            case Frame.RosterFrame roster -> {
                FrameWriter out = writer(ROSTER).u16(roster.entries().size());
                roster.entries().forEach(entry -> encode(entry, out));
                yield out.finish();
            }
            case Frame.Report report -> {
                FrameWriter out = writer(REPORT);
                encode(report.agent(), out);
                yield out.i64(report.seq()).services(report.services()).finish();
            }
            case Frame.Ask ask -> writer(ASK).text(ask.host()).finish();
        };
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
                            in.text(), in.text(), in.i64(), in.i64(), in.i32(), in.i32(), in.i64(),
                            in.i64());
            case ROSTER -> new Frame.RosterFrame(entries(in));
            case REPORT -> new Frame.Report(entry(in), in.i64(), in.services());
            case ASK -> new Frame.Ask(in.text());
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
        out.text(entry.host()).text(entry.httpUrl()).i64(entry.incarnation());
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
        long incarnation = in.i64();
        int presence = in.u8();
        return switch (presence) {
            case 0 -> new RosterEntry(host, url, incarnation, Presence.ACTIVE);
            case 1 -> new RosterEntry(host, url, incarnation, Presence.LEFT);
            case 2 -> new RosterEntry(host, url, incarnation, Presence.FORGOTTEN);
            default -> throw in.refuse("presence must be 0 to 2: found=" + presence);
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
