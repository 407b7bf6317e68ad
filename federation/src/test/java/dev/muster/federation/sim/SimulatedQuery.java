package dev.muster.federation.sim;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetView;
import dev.muster.federation.view.FleetViews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A query node that follows two agents of the cell, and what it shows. Confined to one thread.
final class SimulatedQuery {
    static final int STREAMS = 2;
    static final long REFRESH_MS = 200;
    private static final long SILENCE_MS = 3000;
    private static final long CONNECT_MS = 10;
    private static final long FAILED_MS = 10_000;

    /// The stream of one agent's views to this node.
    static final class Stream {
        final SimulatedQuery query;
        final int agent;
        boolean open = true;
        long sentVersion = -1;
        long sentMs;
        long heardMs;

        Stream(SimulatedQuery query, int agent, long nowMs) {
            this.query = query;
            this.agent = agent;
            this.heardMs = nowMs;
        }
    }

    /// A view on its way.
    record Delivery(Stream stream, CellView view) {}

    final int index;
    private final CellWorld world;
    private final FleetView fleet;
    private final List<Stream> streams = new ArrayList<>();
    private final long[] failedUntilMs;
    private final long[] weights;
    private final Member[] shown;
    private @Nullable CellState state;
    private boolean choose = true;

    /// Cut off from the whole cell.
    boolean cut;

    SimulatedQuery(CellWorld world, int index, int size) {
        this.world = world;
        this.index = index;
        this.fleet =
                FleetViews.of(
                        Duration.ofSeconds(3),
                        () -> Instant.ofEpochMilli(1_700_000_000_000L + world.nowMs()),
                        () -> world.nowMs() * 1_000_000);
        this.failedUntilMs = new long[size];
        this.weights = new long[size];
        for (int i = 0; i < size; i++) {
            weights[i] = world.random.nextLong();
        }
        this.shown = new Member[size];
    }

    /// What it shows of a host; null before it has heard of it.
    @Nullable Member shown(int host) {
        return shown[host];
    }

    /// The cell as it stands now.
    CellState state() {
        look();
        if (state == null) {
            throw new IllegalStateException("query node has heard of no cell: index=" + index);
        }
        return state;
    }

    boolean follows(int agent) {
        return streams.stream().anyMatch(s -> s.agent == agent);
    }

    /// To be called each [#REFRESH_MS].
    void refresh() {
        long nowMs = world.nowMs();
        for (Stream stream : streams) {
            if (stream.open && nowMs - stream.heardMs > SILENCE_MS) {
                broken(stream);
            }
        }
        look();
        if (choose || streams.size() < STREAMS) {
            choose();
        }
    }

    void received(Delivery delivery) {
        Stream stream = delivery.stream;
        if (!stream.open || cut) {
            return;
        }
        stream.heardMs = world.nowMs();
        failedUntilMs[stream.agent] = 0;
        fleet.accept(delivery.view);
        look();
    }

    /// The streams of an agent whose process ended and whose host says so.
    void reset(int agent) {
        for (Stream stream : streams) {
            if (stream.agent == agent && stream.open) {
                broken(stream);
            }
        }
    }

    private void broken(Stream stream) {
        stream.open = false;
        failedUntilMs[stream.agent] = world.nowMs() + FAILED_MS;
        choose = true;
    }

    private void choose() {
        choose = false;
        List<Integer> wanted = wanted();
        streams.removeIf(stream -> {
            if (stream.open && wanted.contains(stream.agent)) {
                return false;
            }
            stream.open = false;
            return true;
        });
        for (int agent : wanted) {
            if (!follows(agent)) {
                var stream = new Stream(this, agent, world.nowMs());
                streams.add(stream);
                world.connect(stream, CONNECT_MS);
            }
        }
    }

    private List<Integer> wanted() {
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < shown.length; i++) {
            Member member = shown[i];
            if (member == null
                    ? state == null
                    : !(member.upness() instanceof Upness.Down
                            || member.upness() instanceof Upness.Left)) {
                candidates.add(i);
            }
        }
        long nowMs = world.nowMs();
        candidates.sort(
                Comparator.comparing((Integer i) -> failedUntilMs[i] > nowMs)
                        .thenComparing(i -> shown[i] != null && !shown[i].isUp())
                        .thenComparing(i -> weights[i]));
        return candidates.subList(0, Math.min(STREAMS, candidates.size()));
    }

    private void look() {
        List<CellState> cells = fleet.state().cells();
        if (cells.isEmpty()) {
            return;
        }
        CellState now = cells.getFirst();
        state = now;
        boolean news = false;
        for (Member member : now.members()) {
            int host = world.indexOf(member.host());
            Member before = shown[host];
            shown[host] = member;
            if (before == null || !before.upness().equals(member.upness())) {
                news = true;
                choose = true;
                world.shown(this, host, member);
            } else if (!(member.upness() instanceof Upness.Down)
                    && !before.services().equals(member.services())) {
                news = true;
            }
        }
        if (news) {
            world.look(this);
        }
    }
}
