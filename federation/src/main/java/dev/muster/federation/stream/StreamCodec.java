package dev.muster.federation.stream;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Names;
import dev.muster.federation.stream.StreamFrame.Changed;
import dev.muster.federation.stream.StreamFrame.Delta;
import dev.muster.federation.stream.StreamFrame.Hints;
import dev.muster.federation.stream.StreamFrame.KeepAlive;
import dev.muster.federation.stream.StreamFrame.Known;
import dev.muster.federation.stream.StreamFrame.KnownHint;
import dev.muster.federation.stream.StreamFrame.Removed;
import dev.muster.federation.stream.StreamFrame.Subscribe;
import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ObserverView.Head;
import dev.muster.federation.view.ObserverView.Line;
import dev.muster.federation.view.ServiceNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Bytes of what is said on a stream of a cell; drawn in `docs/format/cell-stream.md`. Stateless.
///
/// The bytes are canonical: what is decoded encodes to the same bytes.
public final class StreamCodec {
    /// Most hosts of a cell.
    public static final int HOST_LIMIT = 1024;

    /// Most bytes of a frame on a stream; a frame that says it is larger is refused unread.
    public static final int FRAME_LIMIT = 8 << 20;

    private static final int SUBSCRIBE = 17;
    private static final int DELTA = 18;
    private static final int KEEP_ALIVE = 19;
    private static final int HINTS = 20;

    private static final int DEGRADED = 1;
    private static final int SETTLED = 2;
    private static final int MORE = 4;
    private static final int WANTS_HINTS = 1;
    private static final int FRESH = 1;
    private static final int HOST_MIN_BYTES = 40;

    /// The bytes of a frame.
    public byte[] encode(StreamFrame frame) {
        return switch (frame) {
            case Subscribe subscribe -> encode(subscribe);
            case Delta delta -> encode(delta);
            case KeepAlive alive -> encode(alive);
            case Hints hints -> encode(hints);
        };
    }

    private static byte[] encode(Subscribe subscribe) {
        var out = new FrameWriter(SUBSCRIBE).u8(subscribe.wantsHints() ? WANTS_HINTS : 0);
        out.varint(subscribe.hosts().size());
        for (Known known : subscribe.hosts()) {
            out.i64(known.hostKey()).i64(known.stateHash()).i64(known.namesHash());
        }
        out.varint(subscribe.hints().size());
        for (KnownHint known : subscribe.hints()) {
            out.i64(known.hostKey()).i64(known.hash());
        }
        return out.finish();
    }

    private static byte[] encode(Delta delta) {
        var out = new FrameWriter(DELTA);
        Head head = delta.head();
        out.text(head.cell()).text(head.observer());
        out.varint(head.incarnation()).varint(head.version()).i64(head.atMs());
        out.u8(flags(head.degraded(), head.settled()) | (delta.more() ? MORE : 0));
        out.i64(delta.cellHash()).varint(delta.hosts());
        out.varint(delta.names().size());
        delta.names().forEach(names -> names.write(out));
        out.varint(delta.lines().size());
        for (Changed changed : delta.lines()) {
            Line line = changed.line();
            line.state().write(out);
            out.varint(changed.version()).varint(line.seq()).i64(line.heardMs());
        }
        out.varint(delta.removed().size());
        delta.removed().forEach(gone -> out.i64(gone.hostKey()).varint(gone.version()));
        return out.finish();
    }

    private static int flags(boolean degraded, boolean settled) {
        return (degraded ? DEGRADED : 0) | (settled ? SETTLED : 0);
    }

    private static byte[] encode(KeepAlive alive) {
        var out = new FrameWriter(KEEP_ALIVE);
        out.varint(alive.incarnation()).varint(alive.version()).i64(alive.atMs());
        out.u8(flags(alive.degraded(), alive.settled()));
        out.i64(alive.cellHash()).i32(alive.rosterHash()).varint(alive.freshnessMs());
        Counts c = alive.counts();
        out.varint(c.up()).varint(c.suspect()).varint(c.down()).varint(c.left());
        out.varint(c.unknown());
        out.varint(c.servicesUp()).varint(c.servicesDown()).varint(c.servicesMaint());
        out.varint(c.servicesUnknown());
        out.varint(alive.seqs().size()).bytes(alive.seqs().toBytes());
        return out.finish();
    }

    private static byte[] encode(Hints hints) {
        var out = new FrameWriter(HINTS).varint(hints.hints().size());
        for (Hint hint : hints.hints()) {
            out.text(hint.host()).varint(hint.incarnation()).u8(hint.fresh() ? FRESH : 0);
            out.varint(hint.bytes().length).bytes(hint.bytes());
        }
        return out.finish();
    }

    /// The frame of these bytes, where names of services are all in the frame itself.
    public StreamFrame decode(byte[] bytes) throws FrameException {
        return decode(
                bytes,
                hash -> {
                    throw new FrameException(
                            "names of services must be known: hash=" + Long.toHexString(hash));
                });
    }

    /// The frame of these bytes.
    ///
    /// @param known knows names that were sent before
    /// @throws FrameException if the bytes are damaged, cut, too large or of an unknown version
    public StreamFrame decode(byte[] bytes, HostState.NamesByHash known) throws FrameException {
        if (bytes.length > FRAME_LIMIT) {
            throw new FrameException(
                    "stream frame must be at most "
                            + FRAME_LIMIT
                            + " bytes: length="
                            + bytes.length);
        }
        var in = new FrameReader(bytes);
        StreamFrame frame =
                switch (in.type()) {
                    case SUBSCRIBE -> subscribe(in);
                    case DELTA -> delta(in, known);
                    case KEEP_ALIVE -> keepAlive(in);
                    case HINTS -> hints(in);
                    default -> throw in.refuse("frame must be of a stream");
                };
        in.end();
        return frame;
    }

    private static Subscribe subscribe(FrameReader in) throws FrameException {
        int flags = flags(in, WANTS_HINTS);
        int count = in.varcount(HOST_LIMIT, 24);
        List<Known> hosts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hosts.add(new Known(in.i64(), in.i64(), in.i64()));
        }
        int hintCount = in.varcount(HOST_LIMIT, 16);
        List<KnownHint> hints = new ArrayList<>(hintCount);
        for (int i = 0; i < hintCount; i++) {
            hints.add(new KnownHint(in.i64(), in.i64()));
        }
        return new Subscribe(hosts, hints, flags == WANTS_HINTS);
    }

    private static int flags(FrameReader in, int all) throws FrameException {
        int flags = in.u8();
        if ((flags & ~all) != 0) {
            throw in.refuse("flags must be known: found=" + flags);
        }
        return flags;
    }

    private static Delta delta(FrameReader in, HostState.NamesByHash known) throws FrameException {
        String cell = in.text();
        String observer = in.text();
        long incarnation = count(in);
        long version = count(in);
        long atMs = in.i64();
        int flags = flags(in, DEGRADED | SETTLED | MORE);
        try {
            Names.refuseBadCell(cell);
            Names.refuseBadHost(observer);
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
        var head =
                new Head(
                        cell,
                        observer,
                        incarnation,
                        version,
                        (flags & DEGRADED) != 0,
                        (flags & SETTLED) != 0,
                        atMs);
        long cellHash = in.i64();
        int hosts = in.varint(HOST_LIMIT);
        List<ServiceNames> names = names(in);
        List<Changed> lines = lines(in, names, known);
        return new Delta(head, (flags & MORE) != 0, cellHash, hosts, names, lines, removed(in));
    }

    private static List<ServiceNames> names(FrameReader in) throws FrameException {
        int count = in.varcount(HOST_LIMIT, 2);
        List<ServiceNames> names = new ArrayList<>(count);
        ServiceNames before = ServiceNames.NONE;
        for (int i = 0; i < count; i++) {
            before = ServiceNames.read(in, before);
            names.add(before);
        }
        return names;
    }

    private static List<Changed> lines(
            FrameReader in, List<ServiceNames> names, HostState.NamesByHash known)
            throws FrameException {
        Map<Long, ServiceNames> here = new HashMap<>();
        names.forEach(some -> here.put(some.hash(), some));
        HostState.NamesByHash both =
                hash -> {
                    ServiceNames found = here.get(hash);
                    return found != null ? found : known.names(hash);
                };
        int count = in.varcount(HOST_LIMIT, HOST_MIN_BYTES);
        List<Changed> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            HostState state = HostState.read(in, both);
            long version = count(in);
            lines.add(new Changed(new Line(state, count(in), in.i64()), version));
        }
        return lines;
    }

    private static List<Removed> removed(FrameReader in) throws FrameException {
        int count = in.varcount(HOST_LIMIT, 9);
        List<Removed> removed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            removed.add(new Removed(in.i64(), count(in)));
        }
        return removed;
    }

    private static long count(FrameReader in) throws FrameException {
        long value = in.varint();
        if (value < 0) {
            throw in.refuse("number must not be negative: found=" + value);
        }
        return value;
    }

    private static KeepAlive keepAlive(FrameReader in) throws FrameException {
        long incarnation = count(in);
        long version = count(in);
        long atMs = in.i64();
        int flags = flags(in, DEGRADED | SETTLED);
        long cellHash = in.i64();
        int rosterHash = in.i32();
        long freshnessMs = count(in);
        int[] c = new int[9];
        for (int i = 0; i < c.length; i++) {
            c[i] = in.varint(HOST_LIMIT * FrameReader.SERVICE_LIMIT);
        }
        var counts = new Counts(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]);
        Seqs seqs = Seqs.ofBytes(in.bytes(in.varint(HOST_LIMIT)));
        return new KeepAlive(
                incarnation,
                version,
                atMs,
                (flags & DEGRADED) != 0,
                (flags & SETTLED) != 0,
                cellHash,
                rosterHash,
                freshnessMs,
                counts,
                seqs);
    }

    private static Hints hints(FrameReader in) throws FrameException {
        int count = in.varcount(HOST_LIMIT, 5);
        List<Hint> hints = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String host = in.text();
            long incarnation = count(in);
            boolean fresh = flags(in, FRESH) == FRESH;
            hints.add(new Hint(host, incarnation, fresh, in.bytes(in.varint(Hint.SIZE_LIMIT))));
        }
        return new Hints(hints);
    }
}
