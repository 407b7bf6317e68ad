package dev.muster.federation.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.topic.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A Hazelcast member of ours, kept alive: when it ends by itself or cannot start, it is made anew.
///
/// Frames go out by a topic, at once and without promise. What a member stores also lies in a
/// replicated map, so that who joins learns of those who are already gone. Nothing of record is
/// kept in Hazelcast, and no verdict is its.
public final class HazelcastBus {
    /// Told from threads of Hazelcast and of the bus; must not block.
    public interface Receiver {
        /// A frame of another member came.
        void received(byte[] frame);

        /// A member is gone from the cluster; only a hint.
        void lost(String node);

        /// The bus began or ceased to work.
        void works(boolean works);

        /// Another member's manifest came.
        default void manifest(String node, byte[] frame) {}

        /// The addresses of the members have changed.
        default void addresses(List<String> addresses) {}
    }

    /// @param to the node, or null for all
    private record Outgoing(@Nullable String to, byte[] frame) {}

    private static final Logger LOG = System.getLogger(HazelcastBus.class.getName());

    private static final int OUTBOX_LIMIT = 256;
    private static final long GOODBYE_MS = 3000;
    private static final long SYNC_MS = 1000;
    private static final int RETAIN_EVERY = 600;
    private static final long BACKOFF_MIN_MS = 500;
    private static final long BACKOFF_MAX_MS = 30_000;
    private static final long HEALTHY_MS = 60_000;

    private final String label;
    private final MemberPlace place;
    private final Receiver receiver;
    private final AddressBook book;
    private final SharedMap reports;
    private final SharedMap manifests;
    private final BlockingQueue<Outgoing> outbox = new ArrayBlockingQueue<>(OUTBOX_LIMIT);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SplittableRandom random = new SplittableRandom();
    private final Thread supervisor;
    private final Thread sender;

    private final AtomicLong recreations = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final MemberNetwork network = new MemberNetwork();

    private volatile @Nullable HazelcastInstance instance;
    private volatile Set<String> nodes = Set.of();
    private volatile @Nullable Set<String> expected;
    private volatile long startDelayMs;
    private volatile boolean graceful;

    /// @param label of its threads and logs, such as `cell`
    public HazelcastBus(String label, MemberPlace place, Receiver receiver) {
        this(label, place, new AddressBook(place.port(), List.of(place::seeds)), receiver);
    }

    /// @param book where other members may be
    HazelcastBus(String label, MemberPlace place, AddressBook book, Receiver receiver) {
        this.label = label;
        this.place = place;
        this.book = book;
        this.receiver = receiver;
        this.reports =
                new SharedMap(
                        MemberConfig.REPORTS,
                        place.node(),
                        (node, frame) -> receiver.received(frame));
        this.manifests = new SharedMap(MemberConfig.MANIFESTS, place.node(), receiver::manifest);
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
        send(new Outgoing(null, frame));
    }

    /// Sends a frame to one node, if it is a member; as [#send(byte[])] otherwise.
    void send(String node, byte[] frame) {
        send(new Outgoing(node, frame));
    }

    private void send(Outgoing outgoing) {
        while (!outbox.offer(outgoing)) {
            if (outbox.poll() != null) {
                dropped.incrementAndGet();
            }
        }
    }

    /// Puts the own report where those find it who join later.
    void report(byte[] frame) {
        reports.own(frame);
    }

    /// Puts the own manifest where the others find it.
    void manifest(byte[] frame) {
        manifests.own(frame);
    }

    /// From now on, what lies in the maps of other nodes than these is taken out of them.
    void expect(Set<String> others) {
        expected = Set.copyOf(others);
    }

    /// The nodes that are members now, this one among them; none while there is no member.
    Set<String> nodes() {
        return nodes;
    }

    /// Waits so long before the first try to join.
    void delayStart(long delayMs) {
        startDelayMs = delayMs;
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

    /// Frames handed to Hazelcast, once for each member that they went to.
    long frames() {
        return frames.get();
    }

    /// Bytes sent to other members: frames, Hazelcast's heartbeats, and all else.
    long bytesSent() {
        return network.bytesSent(instance);
    }

    /// Frames that wait to be sent.
    int waiting() {
        return outbox.size();
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
        waitFor(closing, startDelayMs);
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
            waitFor(closing, backoffMs / 2 + random.nextLong(backoffMs));
        }
    }

    /// One life of the member, from its start to its end. The member of the moment.
    Optional<HazelcastInstance> member() {
        return Optional.ofNullable(instance);
    }

    private void run() {
        var ended = new CountDownLatch(1);
        HazelcastInstance member = null;
        try {
            String name = place.cluster() + "-" + place.node() + "-" + System.nanoTime();
            member =
                    HazelcastInstanceFactory.newHazelcastInstance(
                            MemberConfig.of(place, book), name, CellHandshake.nodeContext());
            listen(member, ended);
            instance = member;
            noteMembers(member);
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
            forgetMembers();
            receiver.works(false);
            end(member);
        }
    }

    private void listen(HazelcastInstance member, CountDownLatch ended) {
        member.getLifecycleService()
                .addLifecycleListener(event -> {
                    if (event.getState() == LifecycleState.MERGED) {
                        membersChanged();
                    }
                    if (event.getState() == LifecycleState.SHUTDOWN
                            || event.getState() == LifecycleState.MERGE_FAILED) {
                        ended.countDown();
                    }
                });
        member.getCluster().addMembershipListener(new Watch(member));
        member.<Object>getTopic(MemberConfig.FRAMES).addMessageListener(this::received);
        member.<Object>getTopic(MemberConfig.inbox(place.node()))
                .addMessageListener(this::received);
        reports.listen(member);
        manifests.listen(member);
        if (!member.getLifecycleService().isRunning()) {
            ended.countDown();
        }
    }

    private void membersChanged() {
        reports.membersChanged();
        manifests.membersChanged();
    }

    private final class Watch implements MembershipListener {
        private final HazelcastInstance member;

        Watch(HazelcastInstance member) {
            this.member = member;
        }

        @Override
        public void memberAdded(MembershipEvent event) {
            membersChanged();
            noteMembers(member);
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            membersChanged();
            noteMembers(member);
            String host = event.getMember().getAttribute(MemberConfig.HOST);
            if (host != null) {
                receiver.lost(host);
            }
        }
    }

    /// One at a time: who read the members before another joined must not have the last word.
    /// Called by the thread that made the member and by Hazelcast's own.
    private synchronized void noteMembers(HazelcastInstance member) {
        if (!member.equals(instance) || !member.getLifecycleService().isRunning()) {
            return;
        }
        try {
            Set<Member> members = member.getCluster().getMembers();
            nodes =
                    members.stream()
                            .map(m -> m.getAttribute(MemberConfig.HOST))
                            .filter(Objects::nonNull)
                            .collect(Collectors.toUnmodifiableSet());
            receiver.addresses(members.stream().map(HazelcastBus::address).sorted().toList());
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.log(Level.DEBUG, "member ended meanwhile", e);
        }
    }

    private synchronized void forgetMembers() {
        instance = null;
        nodes = Set.of();
    }

    private static String address(Member member) {
        Address address = member.getAddress();
        String host = address.getHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
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

    /// The slow lane: keeps what is shared in step.
    private void serve(HazelcastInstance member, CountDownLatch ended) {
        for (int round = 0; !isClosing(); round++) {
            reports.sync(member, round);
            manifests.sync(member, round);
            Set<String> others = expected;
            if (others != null && round > 0 && round % RETAIN_EVERY == 0) {
                reports.retain(member, others);
                manifests.retain(member, others);
            }
            if (waitFor(ended, SYNC_MS)) {
                return;
            }
        }
    }

    private void end(@Nullable HazelcastInstance member) {
        if (member == null || !member.getLifecycleService().isRunning()) {
            return;
        }
        network.bytesSent(member);
        boolean wasInterrupted = Thread.interrupted();
        if (!graceful || !shutDown(member)) {
            member.getLifecycleService().terminate();
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells the others that it goes, if that does not take long: Hazelcast itself waits for
    /// minutes when they do not answer.
    private boolean shutDown(HazelcastInstance member) {
        Thread goodbye =
                Thread.ofPlatform()
                        .daemon()
                        .name("muster-" + label + "-goodbye")
                        .start(() -> {
                            try {
                                reports.putOwn(member);
                                member.getLifecycleService().shutdown();
                            } catch (RuntimeException e) {
                                LOG.log(Level.DEBUG, label + " bus did not end gently", e);
                            }
                        });
        try {
            return goodbye.join(Duration.ofMillis(GOODBYE_MS))
                    && !member.getLifecycleService().isRunning();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
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
        for (Outgoing next = outbox.poll(); next != null; next = outbox.poll()) {
            publish(next);
        }
    }

    private void publish(Outgoing outgoing) {
        HazelcastInstance member = instance;
        if (member == null || (outgoing.to != null && !nodes.contains(outgoing.to))) {
            dropped.incrementAndGet();
            return;
        }
        String topic = outgoing.to == null ? MemberConfig.FRAMES : MemberConfig.inbox(outgoing.to);
        try {
            member.<byte[]>getTopic(topic).publish(outgoing.frame);
            frames.addAndGet(outgoing.to == null ? Math.max(0, nodes.size() - 1) : 1);
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
