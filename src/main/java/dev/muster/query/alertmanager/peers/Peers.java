package dev.muster.query.alertmanager.peers;

import dev.muster.query.alertmanager.StateOutlet;
import dev.muster.query.alertmanager.state.StateRecord;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Tells the other nodes what this one learns, and takes in what they have learned. What came from
/// another node is not told on: each tells each. Thread-safe.
public final class Peers implements StateOutlet, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Peers.class.getName());
    private static final long LOOK_MS = 200;

    /// How long a notification waits at most for others to know that it is about to be sent.
    private static final long SETTLE_NANOS = 300_000_000;

    /// Carries news to another node, and returns when it has taken them.
    @FunctionalInterface
    public interface Courier {
        /// @throws IOException if it has not
        void carry(PeerView.Peer peer, byte[] news) throws IOException, InterruptedException;
    }

    private final Supplier<PeerView> view;
    private final PeerClaims claims;
    private final Courier courier;
    private final KnownPeers before;
    private final PeerMetrics metrics;
    private final InstantSource clock;
    private final long incarnation;
    private final Map<String, PeerLane> lanes = new HashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("alertmanager-peers").factory());
    private volatile Supplier<List<StateRecord>> known = List::of;
    private volatile Consumer<List<StateRecord>> taker = _ -> {};
    private boolean closed;

    /// @param view the nodes as this one sees them now
    /// @param courier carries news
    /// @param before remembers other nodes from run to run
    public Peers(
            Supplier<PeerView> view,
            Courier courier,
            KnownPeers before,
            PeerMetrics metrics,
            InstantSource clock) {
        this.before = before;
        this.view = view;
        this.courier = courier;
        this.metrics = metrics;
        this.clock = clock;
        PeerView first = view.get();
        incarnation =
                first.nodes().stream()
                        .filter(peer -> peer.name().equals(first.self()))
                        .findFirst()
                        .map(PeerView.Peer::incarnation)
                        .orElse(0L);
        claims = new PeerClaims(first, before.names(), clock.instant());
        metrics.register(this, claims);
    }

    /// Which groups are this node's.
    public PeerClaims claims() {
        return claims;
    }

    /// Tells the runs of this node apart.
    public long incarnation() {
        return incarnation;
    }

    /// Begins to tell.
    ///
    /// @param state all that is known
    /// @param replicas takes in what others have learned
    public void start(Supplier<List<StateRecord>> state, Consumer<List<StateRecord>> replicas) {
        known = state;
        taker = replicas;
        var _ = thread.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            PeerView now = view.get();
            boolean slept = claims.look(now, clock.instant());
            before.keep(claims.known());
            synchronized (this) {
                if (!closed) {
                    align(now, slept);
                }
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "nodes could not be looked at", e);
        }
    }

    private void align(PeerView now, boolean slept) {
        Map<String, PeerView.Peer> others = new HashMap<>();
        now.others().forEach(peer -> others.put(peer.name(), peer));
        lanes.values()
                .removeIf(lane -> {
                    PeerView.Peer peer = others.get(lane.peer().name());
                    boolean gone =
                            peer == null
                                    || peer.incarnation() != lane.peer().incarnation()
                                    || !peer.url().equals(lane.peer().url());
                    if (gone) {
                        lane.stop();
                    }
                    return gone;
                });
        for (PeerView.Peer peer : others.values()) {
            if (!lanes.containsKey(peer.name())) {
                PeerLane lane = new PeerLane(peer, this);
                lanes.put(peer.name(), lane);
                lane.start();
            } else if (slept) {
                Optional.ofNullable(lanes.get(peer.name())).ifPresent(lane -> lane.tellAll(true));
            }
        }
    }

    @Override
    public synchronized void learned(List<StateRecord> records, boolean replica) {
        if (!replica) {
            lanes.values().forEach(lane -> lane.add(records));
        }
    }

    @Override
    public void settle() {
        List<PeerLane> all;
        synchronized (this) {
            all = List.copyOf(lanes.values());
        }
        long deadline = System.nanoTime() + SETTLE_NANOS;
        try {
            for (PeerLane lane : all) {
                lane.settle(deadline - System.nanoTime());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes in news of another node.
    ///
    /// @throws IOException if they are damaged
    public void received(byte[] bytes) throws IOException {
        PeerNews news = PeerNews.decode(bytes);
        metrics.received(news.records().size());
        taker.accept(news.records());
        if (news.whole()) {
            claims.synced(news.from(), news.incarnation(), news.settled(), clock.instant());
        }
        if (news.again()) {
            synchronized (this) {
                Optional.ofNullable(lanes.get(news.from())).ifPresent(lane -> lane.tellAll(false));
            }
        }
    }

    /// Counts news that were refused before they were read.
    public void refused(String reason) {
        metrics.refused(reason);
    }

    List<StateRecord> known() {
        return known.get();
    }

    /// @param settled whether this node knew what the others know when it looked the records up
    PeerNews news(List<StateRecord> records, boolean whole, boolean again, boolean settled) {
        return new PeerNews(view.get().self(), incarnation, whole, again, settled, records);
    }

    void send(PeerView.Peer peer, PeerNews news) throws IOException, InterruptedException {
        courier.carry(peer, news.encode());
    }

    PeerMetrics metrics() {
        return metrics;
    }

    int members() {
        return view.get().nodes().size();
    }

    synchronized int waiting() {
        return lanes.values().stream().mapToInt(PeerLane::waiting).sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.shutdownNow();
        lanes.values().forEach(PeerLane::stop);
        lanes.clear();
    }
}
