package dev.muster.federation.hazelcast;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.replicatedmap.ReplicatedMap;
import com.hazelcast.topic.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A Hazelcast member of ours, kept alive: when it ends by itself or cannot start, it is made anew.
///
/// Frames go out by a topic, at once and without promise. What a member stores also lies in a
/// replicated map, so that who joins learns of those who are already gone. Nothing of record is
/// kept in Hazelcast, and no verdict is its.
public final class HazelcastBus {
    /// Told from threads of Hazelcast; must not block.
    public interface Receiver {
        /// A frame of another member came.
        void received(byte[] frame);

        /// A member is gone from the cluster; only a hint.
        void lost(String node);

        /// The bus began or ceased to work.
        void works(boolean works);
    }

    private static final Logger LOG = System.getLogger(HazelcastBus.class.getName());

    private static final int OUTBOX_LIMIT = 256;
    private static final long SYNC_MS = 1000;
    private static final int SCAN_EVERY = 5;
    private static final long BACKOFF_MIN_MS = 500;
    private static final long BACKOFF_MAX_MS = 30_000;
    private static final long HEALTHY_MS = 60_000;

    private final String label;
    private final MemberPlace place;
    private final Receiver receiver;
    private final BlockingQueue<byte[]> outbox = new ArrayBlockingQueue<>(OUTBOX_LIMIT);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread supervisor;
    private final Thread sender;

    private final AtomicLong recreations = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private volatile @Nullable HazelcastInstance instance;
    private volatile byte @Nullable [] stored;
    private volatile boolean graceful;

    /// @param label of its threads and logs, such as `cell`
    public HazelcastBus(String label, MemberPlace place, Receiver receiver) {
        this.label = label;
        this.place = place;
        this.receiver = receiver;
        this.supervisor =
                Thread.ofPlatform()
                        .daemon()
                        .name("muster-" + label + "-bus")
                        .unstarted(this::supervise);
        this.sender =
                Thread.ofPlatform()
                        .daemon()
                        .name("muster-" + label + "-send")
                        .unstarted(this::sendAll);
    }

    /// Begins, in the background.
    public void start() {
        supervisor.start();
        sender.start();
    }

    /// Sends a frame to all, some time soon. Never blocks; when too many wait, the oldest is
    /// dropped: it is worth least.
    public void send(byte[] frame) {
        while (!outbox.offer(frame)) {
            if (outbox.poll() != null) {
                dropped.incrementAndGet();
            }
        }
    }

    /// Puts the own report where those find it who join later.
    void store(byte[] report) {
        stored = report;
    }

    /// Members of the cluster as Hazelcast knows them; 0 while there is none.
    public int members() {
        HazelcastInstance now = instance;
        try {
            return now == null ? 0 : now.getCluster().getMembers().size();
        } catch (HazelcastInstanceNotActiveException e) {
            return 0;
        }
    }

    /// How often the member was made anew.
    public long recreations() {
        return recreations.get();
    }

    /// Frames that could not be sent.
    public long dropped() {
        return dropped.get();
    }

    /// Things received that are no frame.
    public long refused() {
        return refused.get();
    }

    /// Connections that did not pass the handshake of the secret, of all members of this process.
    public static long refusedConnections() {
        return CellHandshake.REFUSED.get();
    }

    /// Ends the member, for good. If graceful, what waits is sent first, and the others are told.
    public void close(boolean gracefully) {
        graceful = gracefully;
        closing.countDown();
        supervisor.interrupt();
        sender.interrupt();
        try {
            supervisor.join(TimeUnit.SECONDS.toMillis(10));
            sender.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void supervise() {
        long backoffMs = BACKOFF_MIN_MS;
        while (!isClosing()) {
            long began = System.nanoTime();
            run();
            if (isClosing()) {
                return;
            }
            recreations.incrementAndGet();
            boolean wasHealthy =
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) > HEALTHY_MS;
            backoffMs = wasHealthy ? BACKOFF_MIN_MS : Math.min(backoffMs * 2, BACKOFF_MAX_MS);
            waitFor(closing, backoffMs);
        }
    }

    /// One life of the member, from its start to its end.
    private void run() {
        var ended = new CountDownLatch(1);
        HazelcastInstance member = null;
        try {
            String name = place.cluster() + "-" + place.node() + "-" + System.nanoTime();
            member =
                    HazelcastInstanceFactory.newHazelcastInstance(
                            MemberConfig.of(place), name, CellHandshake.nodeContext());
            listen(member, ended);
            instance = member;
            receiver.works(true);
            LOG.log(
                    Level.INFO,
                    () -> label + " joined: cluster=" + place.cluster() + ", members=" + members());
            serve(member, ended);
        } catch (RuntimeException e) {
            if (!isClosing()) {
                LOG.log(
                        Level.WARNING,
                        label
                                + " bus failed, made anew: address="
                                + place.address()
                                + ":"
                                + place.port(),
                        e);
            }
        } finally {
            instance = null;
            receiver.works(false);
            end(member);
        }
    }

    private void listen(HazelcastInstance member, CountDownLatch ended) {
        member.getLifecycleService()
                .addLifecycleListener(event -> {
                    if (event.getState() == LifecycleState.SHUTDOWN
                            || event.getState() == LifecycleState.MERGE_FAILED) {
                        ended.countDown();
                    }
                });
        member.getCluster().addMembershipListener(new Watch());
        member.<Object>getTopic(MemberConfig.FRAMES).addMessageListener(this::received);
        if (!member.getLifecycleService().isRunning()) {
            ended.countDown();
        }
    }

    private final class Watch implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {}

        @Override
        public void memberRemoved(MembershipEvent event) {
            String host = event.getMember().getAttribute(MemberConfig.HOST);
            if (host != null) {
                receiver.lost(host);
            }
        }
    }

    private void received(Message<Object> message) {
        if (message.getPublishingMember() != null && message.getPublishingMember().localMember()) {
            return;
        }
        try {
            if (message.getMessageObject() instanceof byte[] frame) {
                receiver.received(frame);
                return;
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "frame of a foreign kind refused", e);
        }
        refused.incrementAndGet();
    }

    /// The slow lane: keeps the own report in the map, and looks for those of others there.
    private void serve(HazelcastInstance member, CountDownLatch ended) {
        ReplicatedMap<String, byte[]> reports = member.getReplicatedMap(MemberConfig.REPORTS);
        Map<String, byte[]> seen = new HashMap<>();
        for (int round = 0; !isClosing(); round++) {
            byte[] own = stored;
            if (own != null && !Arrays.equals(own, reports.get(place.node()))) {
                reports.put(place.node(), own);
            }
            if (round < SCAN_EVERY || round % SCAN_EVERY == 0) {
                scan(reports, seen);
            }
            if (waitFor(ended, SYNC_MS)) {
                return;
            }
        }
    }

    private void scan(ReplicatedMap<String, byte[]> reports, Map<String, byte[]> seen) {
        for (Map.Entry<String, byte[]> entry : reports.entrySet()) {
            byte[] frame = entry.getValue();
            if (!entry.getKey().equals(place.node())
                    && !Arrays.equals(frame, seen.get(entry.getKey()))) {
                seen.put(entry.getKey(), frame);
                receiver.received(frame);
            }
        }
        seen.keySet().retainAll(reports.keySet());
    }

    private void end(@Nullable HazelcastInstance member) {
        if (member == null || !member.getLifecycleService().isRunning()) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted();
        try {
            if (graceful) {
                byte[] own = stored;
                if (own != null) {
                    member.<String, byte[]>getReplicatedMap(MemberConfig.REPORTS)
                            .put(place.node(), own);
                }
                member.getLifecycleService().shutdown();
            } else {
                member.getLifecycleService().terminate();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, label + " bus did not end gently", e);
            member.getLifecycleService().terminate();
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendAll() {
        while (!isClosing()) {
            try {
                publish(outbox.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Sends what waits, on the caller's thread: the last thing before leaving.
    public void flush() {
        for (byte[] frame = outbox.poll(); frame != null; frame = outbox.poll()) {
            publish(frame);
        }
    }

    private void publish(byte[] frame) {
        HazelcastInstance member = instance;
        if (member == null) {
            dropped.incrementAndGet();
            return;
        }
        try {
            member.<byte[]>getTopic(MemberConfig.FRAMES).publish(frame);
        } catch (RuntimeException e) {
            dropped.incrementAndGet();
            LOG.log(Level.DEBUG, "frame not sent", e);
        }
    }

    private static boolean waitFor(CountDownLatch latch, long ms) {
        try {
            return latch.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
