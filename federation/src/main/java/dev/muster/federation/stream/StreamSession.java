package dev.muster.federation.stream;

import dev.muster.federation.stream.CellPublisher.Published;
import dev.muster.federation.stream.StreamFrame.Changed;
import dev.muster.federation.stream.StreamFrame.Delta;
import dev.muster.federation.stream.StreamFrame.Hints;
import dev.muster.federation.stream.StreamFrame.KeepAlive;
import dev.muster.federation.stream.StreamFrame.Known;
import dev.muster.federation.stream.StreamFrame.KnownHint;
import dev.muster.federation.stream.StreamFrame.Removed;
import dev.muster.federation.stream.StreamFrame.Subscribe;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ObserverView;
import dev.muster.federation.view.ObserverView.Head;
import dev.muster.federation.view.ObserverView.Line;
import dev.muster.federation.view.ServiceNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The agent's end of one stream: knows what its client has, and says what to send next. Confined
/// to one thread.
public final class StreamSession {
    /// How often [#step] should be called.
    public static final long STEP_MS = 250;

    /// A client that has heard nothing for so long is told that there is nothing.
    public static final long KEEP_ALIVE_MS = 1_000;

    /// The hint of a host is sent no more often than this, but where it does not hold any more.
    static final long HINTS_MS = 30_000;

    /// Most bytes of hints that are sent in one step.
    static final int HINT_BYTES = 64 << 10;

    /// About so many bytes of lines go into one frame.
    private static final int PART_BYTES = 256 << 10;

    private final CellPublisher publisher;
    private final HintSource hintSource;
    private final boolean wantsHints;
    private final StreamCodec codec = new StreamCodec();

    /// What the client has, by key of the host.
    private Map<Long, Known> known = new HashMap<>();

    /// What hints the client has, by key of the host; a hint that does not hold any more is 0.
    private final Map<Long, Long> knownHints = new HashMap<>();

    private @Nullable Published sent;
    private long sentMs;
    private final Map<Long, Long> hintSentMs = new HashMap<>();

    /// @param subscribe what the client has
    public StreamSession(CellPublisher publisher, HintSource hints, Subscribe subscribe) {
        this.publisher = publisher;
        this.hintSource = hints;
        this.wantsHints = subscribe.wantsHints();
        subscribe.hosts().forEach(host -> known.put(host.hostKey(), host));
        for (KnownHint hint : subscribe.hints()) {
            knownHints.put(hint.hostKey(), hint.hash());
        }
    }

    /// Frames to send now; the first call always has some, the others only if something has changed
    /// or nothing was sent for [#KEEP_ALIVE_MS].
    ///
    /// @param nowMs of a clock that does not step
    public List<byte[]> step(long nowMs) {
        Published now = publisher.current();
        Published before = sent;
        List<byte[]> frames = new ArrayList<>();
        if (before == null || isOfAnother(before, now)) {
            deltas(now).forEach(delta -> frames.add(codec.encode(delta)));
        } else if (nowMs - sentMs >= KEEP_ALIVE_MS || flagsDiffer(before, now)) {
            frames.add(codec.encode(keepAlive(now)));
        }
        if (wantsHints) {
            Hints hints = hints(nowMs, before == null);
            if (!hints.hints().isEmpty()) {
                frames.add(codec.encode(hints));
            }
        }
        if (!frames.isEmpty()) {
            sent = now;
            sentMs = nowMs;
        }
        return frames;
    }

    private static boolean isOfAnother(Published before, Published now) {
        Head a = before.view().head();
        Head b = now.view().head();
        return a.version() != b.version() || a.incarnation() != b.incarnation();
    }

    private static boolean flagsDiffer(Published before, Published now) {
        Head a = before.view().head();
        Head b = now.view().head();
        return a.degraded() != b.degraded() || a.settled() != b.settled();
    }

    private List<Delta> deltas(Published now) {
        ObserverView view = now.view();
        Set<Long> knownNames = new HashSet<>();
        known.values().forEach(host -> knownNames.add(host.namesHash()));
        Map<Long, Known> next = new HashMap<>();
        List<Delta> deltas = new ArrayList<>();
        var part = new Part();
        for (int i = 0; i < view.size(); i++) {
            HostState state = view.host(i);
            long key = HostState.keyOf(state.host());
            Known has = known.get(key);
            long namesHash = state.services().names().hash();
            next.put(key, new Known(key, state.hash(), namesHash));
            if (has != null && has.stateHash() == state.hash()) {
                continue;
            }
            if (part.bytes >= PART_BYTES) {
                deltas.add(part.delta(view.head(), true, view));
                part = new Part();
            }
            part.add(state, new Line(state, view.seq(i), view.heardMs(i)), now.versions().get(i));
            if (knownNames.add(namesHash)) {
                part.names(state.services().names());
            }
        }
        for (Long key : known.keySet()) {
            if (!next.containsKey(key)) {
                long version = now.gone().getOrDefault(key, view.head().version());
                part.removed.add(new Removed(key, version));
            }
        }
        known = next;
        deltas.add(part.delta(view.head(), false, view));
        return deltas;
    }

    private static final class Part {
        final List<ServiceNames> names = new ArrayList<>();
        final List<Changed> lines = new ArrayList<>();
        final List<Removed> removed = new ArrayList<>();
        int bytes;

        void add(HostState state, Line line, long version) {
            lines.add(new Changed(line, version));
            bytes += 2 * state.services().count() + 200;
        }

        void names(ServiceNames some) {
            names.add(some);
            bytes += some.sizeBytes();
        }

        Delta delta(Head head, boolean more, ObserverView view) {
            return new Delta(head, more, view.hash(), view.size(), names, lines, removed);
        }
    }

    private static KeepAlive keepAlive(Published now) {
        ObserverView view = now.view();
        Head head = view.head();
        long[] seqs = new long[view.size()];
        for (int i = 0; i < seqs.length; i++) {
            seqs[i] = view.seq(i);
        }
        return new KeepAlive(
                head.incarnation(),
                head.version(),
                head.atMs(),
                head.degraded(),
                head.settled(),
                view.hash(),
                view.rosterHash(),
                now.freshnessMs(),
                now.counts(),
                Seqs.of(seqs));
    }

    /// Hints that are new, of each host at most each half minute; those that do not hold any more,
    /// at once and without their bytes.
    private Hints hints(long nowMs, boolean first) {
        List<Hint> hints = new ArrayList<>();
        Set<Long> there = new HashSet<>();
        int bytes = 0;
        for (Hint hint : hintSource.hints()) {
            long key = HostState.keyOf(hint.host());
            there.add(key);
            long has = knownHints.getOrDefault(key, 0L);
            if (!hint.fresh() && (has != 0 || first)) {
                hints.add(new Hint(hint.host(), hint.incarnation(), false, new byte[0]));
                knownHints.put(key, 0L);
            } else if (hint.fresh()
                    && has != hint.hash()
                    && isDue(key, nowMs)
                    && bytes < HINT_BYTES) {
                hints.add(hint);
                bytes += hint.bytes().length;
                knownHints.put(key, hint.hash());
                hintSentMs.put(key, nowMs);
            }
        }
        knownHints.keySet().retainAll(there);
        hintSentMs.keySet().retainAll(there);
        return new Hints(hints);
    }

    private boolean isDue(long key, long nowMs) {
        Long before = hintSentMs.get(key);
        return before == null || nowMs - before >= HINTS_MS;
    }
}
