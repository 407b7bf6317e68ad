package dev.muster.federation.sim;

import dev.muster.federation.follow.Followed;
import dev.muster.federation.follow.Follower;
import dev.muster.federation.follow.FollowerConfig;
import dev.muster.federation.follow.FollowerStats;
import dev.muster.federation.follow.StreamTransport;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.stream.StreamSession;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetView;
import dev.muster.federation.view.FleetViews;
import dev.muster.federation.view.HostState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A query node that follows two agents of the cell as it does in production, and what it shows.
/// Confined to one thread.
final class SimulatedQuery implements StreamTransport {
    private static final long CONNECT_MS = 10;

    /// The stream of one agent's frames to this node.
    static final class Stream {
        final SimulatedQuery query;
        final int agent;
        final Kind kind;
        final byte[] subscribe;
        final Receiver receiver;
        boolean open = true;
        private long steppedVersion = -1;
        private long steppedMs;
        private @Nullable StreamSession session;

        Stream(SimulatedQuery query, int agent, Kind kind, byte[] subscribe, Receiver receiver) {
            this.query = query;
            this.agent = agent;
            this.kind = kind;
            this.subscribe = subscribe;
            this.receiver = receiver;
        }

        /// What the agent sends now. It is not asked where it has nothing to say for sure.
        ///
        /// @param version of what the agent knows
        List<byte[]> step(CellPublisher publisher, long version, long nowMs) {
            if (version == steppedVersion && nowMs - steppedMs < StreamSession.KEEP_ALIVE_MS) {
                return List.of();
            }
            steppedVersion = version;
            steppedMs = nowMs;
            StreamSession running = session;
            if (running == null) {
                running = new StreamSession(publisher, HintSource.NONE, asked());
                session = running;
            }
            return running.step(nowMs);
        }

        private StreamFrame.Subscribe asked() {
            try {
                return (StreamFrame.Subscribe) new StreamCodec().decode(subscribe);
            } catch (FrameException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// Frames on their way.
    record Delivery(Stream stream, List<byte[]> frames) {}

    final int index;
    private final CellWorld world;
    private final FleetView fleet;
    private final Follower follower;
    final FleetLog log = new FleetLog();
    private final List<Stream> streams = new ArrayList<>();
    private final Member[] shown;
    private final long[] shownHashes;
    private @Nullable CellState state;

    /// Cut off from the whole cell.
    boolean cut;

    /// @param addresses of all agents of the cell
    SimulatedQuery(CellWorld world, int index, List<String> addresses) {
        this.world = world;
        this.index = index;
        this.fleet =
                FleetViews.of(
                        Duration.ofSeconds(3),
                        () -> Instant.ofEpochMilli(1_700_000_000_000L + world.nowMs()),
                        this::nanoTime);
        var _ = fleet.subscribe(log);
        this.follower =
                new Follower(
                        FollowerConfig.of(List.of(), "q" + index),
                        fleet,
                        () -> Map.of(world.name(), addresses),
                        this,
                        this::nanoTime,
                        world.random.split(),
                        new FollowerStats());
        this.shown = new Member[addresses.size()];
        this.shownHashes = new long[addresses.size()];
    }

    private long nanoTime() {
        return world.nowMs() * 1_000_000;
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
        String url = world.host(agent).httpUrl();
        return follower.followed().stream()
                .filter(Followed::connected)
                .anyMatch(f -> f.url().equals(url));
    }

    /// To be called each [Follower#TICK_MS].
    void refresh() {
        follower.tick();
        look();
    }

    @Override
    public Connection open(String agentUrl, Kind kind, byte[] subscribe, Receiver receiver) {
        var stream = new Stream(this, world.indexOfUrl(agentUrl), kind, subscribe, receiver);
        streams.add(stream);
        world.connect(stream, CONNECT_MS);
        return () -> drop(stream);
    }

    private void drop(Stream stream) {
        stream.open = false;
        streams.remove(stream);
    }

    void received(Delivery delivery) {
        Stream stream = delivery.stream;
        for (byte[] frame : delivery.frames) {
            if (stream.open && !cut) {
                stream.receiver.received(frame);
            }
        }
        if (stream.kind == Kind.ONCE && stream.open) {
            drop(stream);
            stream.receiver.ended("");
        }
        look();
    }

    /// The streams of an agent whose process ended and whose host says so.
    void reset(int agent) {
        for (Stream stream : List.copyOf(streams)) {
            if (stream.agent == agent && stream.open && !cut) {
                drop(stream);
                stream.receiver.ended("connection reset");
            }
        }
    }

    private void look() {
        List<CellState> cells = fleet.state().cells();
        if (cells.isEmpty()) {
            return;
        }
        CellState now = cells.getFirst();
        state = now;
        boolean news = false;
        for (HostState said : now.hosts()) {
            int host = world.indexOf(said.host());
            Member before = shown[host];
            if (before != null && said.hash() == shownHashes[host]) {
                continue;
            }
            Member member = said.member(0, 0);
            shown[host] = member;
            shownHashes[host] = said.hash();
            if (before == null || !before.upness().equals(member.upness())) {
                news = true;
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
