package dev.muster.federation.cluster;

import dev.muster.federation.hazelcast.HazelcastBus;
import dev.muster.federation.hazelcast.MemberPlace;
import dev.muster.federation.member.FrameException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// This query node's part in the cluster of query nodes: tells the others of itself once a second,
/// and knows whom it hears. Works on, alone, when Hazelcast does not. Thread-safe.
public final class QueryCluster implements AutoCloseable {
    private static final Logger LOG = System.getLogger(QueryCluster.class.getName());

    private static final long BEAT_MS = 1_000;
    private static final int WAITING_LIMIT = 1_000;

    private final HazelcastBus bus;
    private final ScheduledExecutorService loop;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();

    /// Confined to the loop.
    private final NodeRoster roster;

    private volatile Node self;
    private volatile ClusterView view;
    private volatile boolean busWorks;
    private volatile long conflicts;
    private volatile long overLimit;

    private QueryCluster(ClusterConfig config, InstantSource clock) {
        self = new Node(config.node(), config.url(), clock.millis(), NodeState.STARTING);
        roster = new NodeRoster(self.name(), self.incarnation(), nowMs());
        view = new ClusterView(self.name(), List.of(self));
        bus = new HazelcastBus("cluster", config.place(), new Inbox());
        loop =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("muster-cluster").factory());
    }

    /// Starts to take part, as a node that is starting. Returns at once: joining, and joining
    /// again, goes on in the background.
    ///
    /// @throws UncheckedIOException if the port is in use
    public static QueryCluster join(ClusterConfig config, InstantSource clock) {
        MemberPlace place = config.place();
        try {
            place.refusePortInUse("cluster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var cluster = new QueryCluster(config, clock);
        cluster.start();
        return cluster;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the loop
    private void start() {
        bus.start();
        loop.scheduleWithFixedDelay(this::tick, 0, BEAT_MS, TimeUnit.MILLISECONDS);
    }

    /// Tells the others, at once.
    public void become(NodeState state) {
        submit(() -> {
            if (self.state() != state) {
                self = self.in(state);
                changed();
            }
            beat();
        });
    }

    /// Who is heard now.
    public ClusterView view() {
        return view;
    }

    /// Counters.
    public ClusterStats stats() {
        return new ClusterStats(
                busWorks,
                bus.members(),
                bus.recreations(),
                refused.get() + bus.refused() + HazelcastBus.refusedConnections(),
                conflicts,
                changes.get(),
                overLimit);
    }

    /// Says that it leaves, so that nobody asks it for more, and stays otherwise.
    public void leave() {
        become(NodeState.LEAVING);
    }

    /// Ends, with a goodbye in Hazelcast's way.
    @Override
    public void close() {
        end(true);
    }

    /// Ends without a word, as a crash would.
    void crash() {
        end(false);
    }

    private void end(boolean gracefully) {
        if (closed.compareAndSet(false, true)) {
            loop.shutdownNow();
            bus.close(gracefully);
        }
    }

    private final class Inbox implements HazelcastBus.Receiver {
        @Override
        public void received(byte[] frame) {
            Node node;
            try {
                node = NodeCodec.decode(frame);
            } catch (FrameException e) {
                if (refused.getAndIncrement() % 1000 == 0) {
                    LOG.log(Level.WARNING, () -> "cluster frame refused: " + e.getMessage());
                }
                return;
            }
            submit(() -> {
                if (roster.heard(node, nowMs())) {
                    changed();
                }
            });
        }

        @Override
        public void lost(String name) {
            submit(() -> {
                if (roster.lost(name)) {
                    changed();
                }
            });
        }

        @Override
        public void works(boolean works) {
            busWorks = works;
            if (works) {
                submit(QueryCluster.this::beat);
            }
        }
    }

    private void submit(Runnable work) {
        if (waiting.incrementAndGet() > WAITING_LIMIT) {
            waiting.decrementAndGet();
            refused.incrementAndGet();
            return;
        }
        try {
            loop.execute(() -> {
                waiting.decrementAndGet();
                guarded(work);
            });
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
        }
    }

    private void tick() {
        guarded(() -> {
            if (roster.tick(nowMs())) {
                changed();
            }
            conflicts = roster.conflicts();
            overLimit = roster.overLimit();
            beat();
        });
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "cluster event failed", e);
        }
    }

    private void beat() {
        if (busWorks) {
            bus.send(NodeCodec.encode(self));
        }
    }

    private void changed() {
        List<Node> nodes = new ArrayList<>(roster.peers());
        nodes.add(self);
        nodes.sort(Comparator.comparing(Node::name));
        view = new ClusterView(self.name(), nodes);
        changes.incrementAndGet();
        LOG.log(Level.INFO, () -> "cluster changed: nodes=" + text(nodes));
    }

    private static String text(List<Node> nodes) {
        return String.join(
                ",", nodes.stream().map(node -> node.name() + "(" + node.state() + ")").toList());
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
