package dev.muster.federation.stream;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.stream.StreamFrame.Changed;
import dev.muster.federation.stream.StreamFrame.Delta;
import dev.muster.federation.stream.StreamFrame.KeepAlive;
import dev.muster.federation.stream.StreamFrame.Known;
import dev.muster.federation.stream.StreamFrame.Removed;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ObserverView;
import dev.muster.federation.view.ObserverView.Head;
import dev.muster.federation.view.ObserverView.Line;
import dev.muster.federation.view.ServiceNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A client's copy of what one observer says of its cell, built from the frames of a stream.
/// Confined to one thread.
public final class CellReplica {
    /*
     * Each host is a lane of its own, written by the observer alone: (incarnation of the observer, version). Of two states
     * of a lane the greater holds, so that frames may come late, twice, or in another order, and the copy comes to the same
     * end; a frame that does not come at all shows as a hash that differs.
     */
    private static final int GONE_LIMIT = 2 * StreamCodec.HOST_LIMIT;

    /// Version of what was known from elsewhere: everything the observer says is newer.
    private static final long BASE = -1;

    private final CellPool pool;
    private final Map<Long, Long> gone = new LinkedHashMap<>();
    private Map<String, Lane> lanes = Map.of();
    private @Nullable ObserverView view;

    private @Nullable Head head;
    private long expectedHash;
    private long expectedVersion = BASE;
    private boolean complete;

    /// Sum of the hashes of all lanes.
    private long hash;

    /// A host: what is said of it stands, its beats count on.
    private static final class Lane {
        private final HostState state;
        private final long version;
        private long seq;
        private long heardMs;

        private Lane(HostState state, long version, long seq, long heardMs) {
            this.state = state;
            this.version = version;
            this.seq = seq;
            this.heardMs = heardMs;
        }
    }

    /// @param base what is known of the cell from elsewhere, if anything
    public CellReplica(CellPool pool, Optional<ObserverView> base) {
        this.pool = pool;
        base.ifPresent(known -> {
            Map<String, Lane> all = new TreeMap<>();
            for (int i = 0; i < known.size(); i++) {
                HostState state = known.host(i);
                all.put(state.host(), new Lane(state, BASE, known.seq(i), known.heardMs(i)));
            }
            hold(all);
        });
    }

    private void hold(Map<String, Lane> all) {
        lanes = all;
        hash = 0;
        for (Lane lane : all.values()) {
            hash += lane.state.hash();
        }
    }

    /// What to tell an agent that is asked for what differs.
    public List<Known> vector() {
        List<Known> hosts = new ArrayList<>(lanes.size());
        for (Lane lane : lanes.values()) {
            HostState state = lane.state;
            hosts.add(
                    new Known(
                            HostState.keyOf(state.host()),
                            state.hash(),
                            state.services().names().hash()));
        }
        return hosts;
    }

    /// Names that frames may speak of without telling them.
    public ServiceNames names(long hash) throws FrameException {
        for (Lane lane : lanes.values()) {
            ServiceNames names = lane.state.services().names();
            if (names.hash() == hash) {
                return names;
            }
        }
        return pool.names(hash);
    }

    /// The observer; empty before its first frame.
    public Optional<Head> head() {
        return Optional.ofNullable(head);
    }

    /// The cell as the observer says it; empty before the first delta is whole.
    public Optional<ObserverView> view() {
        return Optional.ofNullable(view);
    }

    /// Whether the copy is what the observer has.
    public boolean matches() {
        return complete && hash == expectedHash;
    }

    /// Takes in what has changed.
    ///
    /// @throws FrameException if it cannot be of this stream
    public void apply(Delta delta) throws FrameException {
        Head said = delta.head();
        if (!begin(said)) {
            return;
        }
        Map<String, Lane> next = new TreeMap<>(lanes);
        for (Removed removed : delta.removed()) {
            remove(removed, next);
        }
        for (Changed changed : delta.lines()) {
            put(changed, next);
        }
        if (next.size() > StreamCodec.HOST_LIMIT) {
            throw new FrameException(
                    "hosts must be at most " + StreamCodec.HOST_LIMIT + ": found=" + next.size());
        }
        hold(next);
        if (!delta.more() && said.version() >= expectedVersion) {
            expectedVersion = said.version();
            expectedHash = delta.cellHash();
            complete = true;
            head = said;
        }
        Head now = head;
        if (complete && now != null) {
            view = ObserverView.of(now, lines());
        }
    }

    /// Whether a frame of that head is to be looked at: it is of the newest run known.
    private boolean begin(Head said) throws FrameException {
        Head now = head;
        if (now != null
                && !(now.observer().equals(said.observer()) && now.cell().equals(said.cell()))) {
            throw new FrameException(
                    "stream must be of one observer: expected="
                            + now.cell()
                            + "/"
                            + now.observer()
                            + ", found="
                            + said.cell()
                            + "/"
                            + said.observer());
        }
        if (now != null && said.incarnation() < now.incarnation()) {
            return false;
        }
        if (now == null || said.incarnation() > now.incarnation()) {
            startRun(said);
        }
        return true;
    }

    private void startRun(Head said) {
        Map<String, Lane> all = new TreeMap<>();
        lanes.forEach(
                (host, lane) -> all.put(host, new Lane(lane.state, BASE, lane.seq, lane.heardMs)));
        hold(all);
        gone.clear();
        expectedVersion = BASE;
        complete = false;
        head = said;
    }

    private void remove(Removed removed, Map<String, Lane> next) {
        gone.merge(removed.hostKey(), removed.version(), Math::max);
        if (gone.size() > GONE_LIMIT) {
            gone.remove(gone.keySet().iterator().next());
        }
        next.values()
                .removeIf(lane ->
                        lane.version < removed.version()
                                && HostState.keyOf(lane.state.host()) == removed.hostKey());
    }

    private void put(Changed changed, Map<String, Lane> next) {
        Line line = changed.line();
        String host = line.state().host();
        Lane old = next.get(host);
        Long goneAt = gone.get(HostState.keyOf(host));
        if (goneAt != null && goneAt > changed.version()) {
            return;
        }
        if (old == null || old.version < changed.version()) {
            HostState state = pool.shared(line.state());
            next.put(state.host(), later(old, state, changed.version(), line));
        } else if (old.version == changed.version()) {
            next.put(host, later(old, old.state, old.version, line));
        }
    }

    /// Beats of one run count on, whichever frame comes last.
    private static Lane later(@Nullable Lane old, HostState state, long version, Line line) {
        // what was known from elsewhere was heard by somebody else
        if (old == null || old.version == BASE || old.state.incarnation() != state.incarnation()) {
            return new Lane(state, version, line.seq(), line.heardMs());
        }
        return new Lane(
                state,
                version,
                Math.max(old.seq, line.seq()),
                Math.max(old.heardMs, line.heardMs()));
    }

    /// Takes in what should be known.
    public void apply(KeepAlive alive) {
        Head now = head;
        if (now == null
                || alive.incarnation() < now.incarnation()
                || (alive.incarnation() == now.incarnation()
                        && alive.version() < expectedVersion)) {
            return;
        }
        var said =
                new Head(
                        now.cell(),
                        now.observer(),
                        alive.incarnation(),
                        alive.version(),
                        alive.degraded(),
                        alive.settled(),
                        Math.max(now.atMs(), alive.atMs()));
        if (alive.incarnation() > now.incarnation()) {
            startRun(said);
        }
        head = said;
        expectedVersion = alive.version();
        expectedHash = alive.cellHash();
        ObserverView shown = view;
        if (shown != null && alive.rosterHash() == shown.rosterHash()) {
            beats(alive);
        }
        if (complete && shown != null) {
            view = later(shown, said);
        }
    }

    private void beats(KeepAlive alive) {
        if (alive.seqs().size() != lanes.size()) {
            return;
        }
        int i = 0;
        for (Lane lane : lanes.values()) {
            long seq = alive.seqs().after(i++, lane.seq);
            if (seq != lane.seq) {
                lane.seq = seq;
                lane.heardMs = alive.atMs();
            }
        }
    }

    /// A view of the same states with the beats of now.
    private ObserverView later(ObserverView shown, Head said) {
        long[] seqs = new long[lanes.size()];
        long[] heardMs = new long[seqs.length];
        int i = 0;
        for (Lane lane : lanes.values()) {
            seqs[i] = lane.seq;
            heardMs[i++] = lane.heardMs;
        }
        return shown.later(said, seqs, heardMs);
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>(lanes.size());
        for (Lane lane : lanes.values()) {
            lines.add(new Line(lane.state, lane.seq, lane.heardMs));
        }
        return lines;
    }

    /// All states of services by host, for tests.
    Map<String, HostState> states() {
        Map<String, HostState> states = new HashMap<>();
        lanes.forEach((host, lane) -> states.put(host, lane.state));
        return states;
    }
}
