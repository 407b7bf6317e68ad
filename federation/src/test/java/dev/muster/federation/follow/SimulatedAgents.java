package dev.muster.federation.follow;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.stream.StreamSession;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.ServiceNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// Agents of some cells on virtual time, with the production end of a stream; all of a cell know
/// the same. Frames take no time unless something is done to them.
final class SimulatedAgents implements StreamTransport {
    private final Map<String, TreeMap<String, Member>> cells = new TreeMap<>();
    private final Map<String, CellPublisher> publishers = new HashMap<>();
    private final Map<String, String> cellOf = new HashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private final List<Stream> streams = new ArrayList<>();
    private final Queue<Runnable> soon = new ArrayDeque<>();
    private final StreamCodec codec = new StreamCodec();
    private long nowMs = 1_000;
    private long version = 1;
    private boolean spoiling;
    private boolean damaging;

    void add(String cell, Member member) {
        cells.computeIfAbsent(cell, _ -> new TreeMap<>()).put(member.host(), member);
        cellOf.put(member.httpUrl(), cell);
        publishers.put(member.httpUrl(), new CellPublisher(() -> view(cell, member.host())));
    }

    private CellView view(String cell, String observer) {
        return new CellView(
                cell,
                observer,
                version,
                List.copyOf(membersOf(cell).values()),
                false,
                1,
                true,
                1_700_000_000_000L + nowMs);
    }

    private TreeMap<String, Member> membersOf(String cell) {
        return cells.getOrDefault(cell, new TreeMap<>());
    }

    void change(String host, UnaryOperator<Member> how) {
        version++;
        cells.values().forEach(members -> members.computeIfPresent(host, (_, m) -> how.apply(m)));
    }

    /// Keeps connections and says nothing.
    void freeze(String url, boolean on) {
        if (on) {
            frozen.add(url);
        } else {
            frozen.remove(url);
        }
    }

    /// What deltas tell of hosts is lost on the way.
    void spoilDeltas(boolean on) {
        spoiling = on;
    }

    /// Frames are damaged on the way.
    void damage(boolean on) {
        damaging = on;
    }

    Collection<String> urls() {
        return cellOf.keySet();
    }

    Member agent(String url) {
        return cells.values().stream()
                .flatMap(members -> members.values().stream())
                .filter(m -> m.httpUrl().equals(url))
                .findFirst()
                .orElseThrow();
    }

    Member member(String host) {
        return cells.values().stream()
                .flatMap(members -> members.values().stream())
                .filter(m -> m.host().equals(host))
                .findFirst()
                .orElseThrow();
    }

    long nowMs() {
        return nowMs;
    }

    long nanoTime() {
        return TimeUnit.MILLISECONDS.toNanos(nowMs);
    }

    void step(long ms) {
        nowMs += ms;
        for (TreeMap<String, Member> members : cells.values()) {
            members.replaceAll((host, m) -> m.upness() instanceof Upness.Up ? beat(m) : m);
        }
        while (!soon.isEmpty()) {
            soon.remove().run();
        }
        if (nowMs % StreamSession.STEP_MS == 0) {
            List.copyOf(streams).forEach(Stream::step);
        }
    }

    private Member beat(Member m) {
        return new Member(
                m.host(),
                m.httpUrl(),
                m.beatAddress(),
                m.place(),
                m.incarnation(),
                m.upness(),
                m.note(),
                m.intent(),
                m.flapping(),
                m.services(),
                nowMs,
                nowMs / 500,
                m.reportSeq());
    }

    @Override
    public Connection open(String url, Kind kind, byte[] subscribe, Receiver receiver) {
        CellPublisher publisher = publishers.get(url);
        if (publisher == null) {
            soon.add(() -> receiver.ended("connection refused"));
            return () -> {};
        }
        try {
            var asked = (StreamFrame.Subscribe) codec.decode(subscribe);
            var stream =
                    new Stream(
                            url,
                            kind,
                            new StreamSession(publisher, HintSource.NONE, asked),
                            receiver);
            streams.add(stream);
            return () -> streams.remove(stream);
        } catch (FrameException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] withoutLines(byte[] frame) {
        try {
            StreamFrame read = codec.decode(frame, this::names);
            return read instanceof StreamFrame.Delta d
                    ? codec.encode(
                            new StreamFrame.Delta(
                                    d.head(),
                                    d.more(),
                                    d.cellHash(),
                                    d.hosts(),
                                    d.names(),
                                    List.of(),
                                    List.of()))
                    : frame;
        } catch (FrameException e) {
            throw new AssertionError(e);
        }
    }

    private ServiceNames names(long hash) {
        return cells.values().stream()
                .flatMap(members -> members.values().stream())
                .map(m -> ServiceNames.of(m.services()))
                .filter(names -> names.hash() == hash)
                .findFirst()
                .orElseThrow();
    }

    private final class Stream {
        private final String url;
        private final Kind kind;
        private final StreamSession session;
        private final Receiver receiver;

        Stream(String url, Kind kind, StreamSession session, Receiver receiver) {
            this.url = url;
            this.kind = kind;
            this.session = session;
            this.receiver = receiver;
        }

        void step() {
            if (frozen.contains(url)) {
                return;
            }
            for (byte[] frame : session.step(nowMs)) {
                if (damaging) {
                    byte[] damaged = frame.clone();
                    damaged[damaged.length / 2] ^= 4;
                    receiver.received(damaged);
                } else {
                    receiver.received(spoiling ? withoutLines(frame) : frame);
                }
            }
            if (kind == Kind.ONCE) {
                streams.remove(this);
                receiver.ended("");
            }
        }
    }
}
