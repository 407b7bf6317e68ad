package dev.muster.federation.stream;

import dev.muster.federation.member.Member;
import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ObserverView;
import dev.muster.federation.view.ObserverView.Head;
import dev.muster.federation.view.ObserverView.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The cell as its own agent tells it to all streams: each host's state with the version in which
/// it came to be. Thread-safe.
public final class CellPublisher {
    /// Most hosts of which is remembered that they are gone.
    private static final int GONE_LIMIT = 2 * StreamCodec.HOST_LIMIT;

    /// @param view the cell
    /// @param versions of each host's state
    /// @param gone versions in which hosts went, by key
    /// @param counts how many are in which state
    record Published(ObserverView view, List<Long> versions, Map<Long, Long> gone, Counts counts) {
        /// How long ago the host was heard that is up and was heard the longest ago.
        long freshnessMs() {
            long oldest = Long.MAX_VALUE;
            for (int i = 0; i < view.size(); i++) {
                if (view.host(i).isUp()) {
                    oldest = Math.min(oldest, view.heardMs(i));
                }
            }
            return oldest == Long.MAX_VALUE ? 0 : Math.max(0, view.head().atMs() - oldest);
        }
    }

    private record Seen(Member member, HostState state, long version) {}

    private final Supplier<CellView> source;
    private Map<String, Seen> seen = Map.of();
    private final Map<Long, Long> gone =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                    return size() > GONE_LIMIT;
                }
            };
    private @Nullable Published published;
    private long version;
    private long sourceVersion;

    /// @param source the cell as the agent sees it at the moment
    public CellPublisher(Supplier<CellView> source) {
        this.source = source;
    }

    /// The cell now.
    synchronized Published current() {
        CellView view = source.get();
        Published before = published;
        if (before != null && isSameMoment(before.view().head(), view)) {
            return before;
        }
        Map<String, Seen> now = new HashMap<>();
        boolean changed = before == null;
        long next = Math.max(version + 1, view.version());
        for (Member member : view.members()) {
            Seen old = seen.get(member.host());
            Seen current = seen(member, old, next);
            changed |= old == null || old.version != current.version;
            now.put(member.host(), current);
        }
        for (Seen old : seen.values()) {
            if (!now.containsKey(old.member.host())) {
                gone.put(HostState.keyOf(old.member.host()), next);
                changed = true;
            }
        }
        version = changed ? next : version;
        sourceVersion = view.version();
        seen = now;
        Published result = publish(view, before, changed);
        published = result;
        return result;
    }

    /// What an observer says twice within a millisecond of its clock is the same.
    private boolean isSameMoment(Head before, CellView view) {
        return before.atMs() == view.atMs()
                && sourceVersion == view.version()
                && before.incarnation() == view.observerIncarnation()
                && before.degraded() == view.degraded()
                && before.settled() == view.settled();
    }

    private static Seen seen(Member member, @Nullable Seen old, long version) {
        if (old != null && sameButForBeats(old.member, member)) {
            return old;
        }
        HostState state = HostState.of(member);
        return old != null && old.state.hash() == state.hash()
                ? new Seen(member, old.state, old.version)
                : new Seen(member, state, version);
    }

    private static boolean sameButForBeats(Member a, Member b) {
        return a.services().equals(b.services())
                && a.upness().equals(b.upness())
                && a.incarnation() == b.incarnation()
                && a.reportSeq() == b.reportSeq()
                && a.httpUrl().equals(b.httpUrl())
                && a.beatAddress().equals(b.beatAddress())
                && a.place().equals(b.place())
                && a.note() == b.note()
                && a.intent().equals(b.intent())
                && a.onlookers().equals(b.onlookers())
                && a.flapping() == b.flapping();
    }

    private Published publish(CellView view, @Nullable Published before, boolean changed) {
        Head told = ObserverView.headOf(view);
        var head =
                new Head(
                        told.cell(),
                        told.observer(),
                        told.incarnation(),
                        version,
                        told.degraded(),
                        told.settled(),
                        told.atMs());
        List<Line> lines = new ArrayList<>(view.members().size());
        List<Long> versions = new ArrayList<>(view.members().size());
        for (Member member : view.members()) {
            Seen held = seen.getOrDefault(member.host(), new Seen(member, HostState.of(member), 0));
            lines.add(new Line(held.state, member.seq(), member.heardMs()));
            versions.add(held.version);
        }
        if (before != null && !changed) {
            return new Published(
                    before.view.later(head, lines), versions, before.gone, before.counts);
        }
        ObserverView compact = ObserverView.of(head, lines);
        return new Published(compact, versions, Map.copyOf(gone), Counts.of(compact));
    }
}
