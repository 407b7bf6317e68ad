package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Bytes of a [CellView]; drawn in `docs/format/cell-frames.md`. Stateless.
///
/// The bytes are canonical: what is decoded encodes to the same bytes.
public final class CellViewCodec {
    /// The frame type of a view.
    public static final int TYPE = 16;

    private static final int MEMBER_LIMIT = 1024;
    private static final int MEMBER_MIN_BYTES = 58;

    private static final int DEGRADED = 1;
    private static final int SETTLED = 2;

    private static final int UP = 1;
    private static final int SUSPECT = 2;
    private static final int DOWN = 3;
    private static final int LEFT = 4;
    private static final int UNKNOWN = 5;

    /// The bytes of a view.
    public byte[] encode(CellView view) {
        var out = new FrameWriter(TYPE).text(view.cell()).text(view.observer());
        out.i64(view.observerIncarnation()).i64(view.version()).i64(view.atMs());
        out.u8((view.degraded() ? DEGRADED : 0) | (view.settled() ? SETTLED : 0));
        out.u16(view.members().size());
        for (Member member : view.members()) {
            encode(member, out);
        }
        return out.finish();
    }

    /// The view of these bytes.
    ///
    /// @throws FrameException if the bytes are damaged, cut, too large or of an unknown version
    public CellView decode(byte[] bytes) throws FrameException {
        var in = new FrameReader(bytes);
        if (in.type() != TYPE) {
            throw in.refuse("frame must be a cell view");
        }
        String cell = in.text();
        String observer = in.text();
        long incarnation = in.count64();
        long version = in.count64();
        long atMs = in.i64();
        int flags = in.u8();
        if (flags > (DEGRADED | SETTLED)) {
            throw in.refuse("flags must be known: found=" + flags);
        }
        List<Member> members = decodeMembers(in);
        in.end();
        try {
            return new CellView(
                    cell,
                    observer,
                    version,
                    members,
                    (flags & DEGRADED) != 0,
                    incarnation,
                    (flags & SETTLED) != 0,
                    atMs);
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static List<Member> decodeMembers(FrameReader in) throws FrameException {
        int count = in.count(MEMBER_LIMIT, MEMBER_MIN_BYTES);
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Member member = decodeMember(in);
            if (i > 0 && members.get(i - 1).host().compareTo(member.host()) >= 0) {
                throw in.refuse("hosts must ascend: host=" + member.host());
            }
            members.add(member);
        }
        return members;
    }

    private static void encode(Member member, FrameWriter out) {
        out.text(member.host()).text(member.httpUrl()).text(member.beatAddress());
        out.place(member.place());
        out.i64(member.incarnation())
                .i64(member.seq())
                .i64(member.reportSeq())
                .i64(member.heardMs());
        out.u8(code(member.upness())).i64(member.upness().sinceMs());
        out.u8(member.upness().why().map(Cause::code).orElse(0));
        out.u8(member.note().code()).intent(member.intent()).flag(member.flapping());
        out.services(member.services());
    }

    private static Member decodeMember(FrameReader in) throws FrameException {
        String host = in.text();
        String url = in.text();
        String address = in.text();
        Place place = in.place();
        long incarnation = in.count64();
        long seq = in.count64();
        long reportSeq = in.count64();
        long heardMs = in.i64();
        Upness upness = decodeUpness(in);
        Cause note = Cause.ofCode(in.u8());
        Optional<Intent> intent = in.intent();
        boolean flapping = in.flag();
        List<ServiceState> services = in.services();
        try {
            return new Member(
                    host,
                    url,
                    address,
                    place,
                    incarnation,
                    upness,
                    note,
                    intent,
                    flapping,
                    services,
                    heardMs,
                    seq,
                    reportSeq);
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static int code(Upness upness) {
        return switch (upness) {
            case Upness.Up _ -> UP;
            case Upness.Suspect _ -> SUSPECT;
            case Upness.Down _ -> DOWN;
            case Upness.Left _ -> LEFT;
            case Upness.Unknown _ -> UNKNOWN;
        };
    }

    private static Upness decodeUpness(FrameReader in) throws FrameException {
        int state = in.u8();
        long sinceMs = in.i64();
        int cause = in.u8();
        if ((cause == 0) != (state == UP || state == LEFT)) {
            throw in.refuse(
                    "cause must stand where the state has one: state="
                            + state
                            + ", cause="
                            + cause);
        }
        return switch (state) {
            case UP -> new Upness.Up(sinceMs);
            case LEFT -> new Upness.Left(sinceMs);
            case SUSPECT -> new Upness.Suspect(sinceMs, Cause.ofCode(cause));
            case DOWN -> new Upness.Down(sinceMs, Cause.ofCode(cause));
            case UNKNOWN -> new Upness.Unknown(sinceMs, Cause.ofCode(cause));
            default -> throw in.refuse("state must be 1 to 5: found=" + state);
        };
    }
}
