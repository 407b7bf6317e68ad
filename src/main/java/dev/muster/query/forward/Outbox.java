package dev.muster.query.forward;

import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentPlace;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Samples that wait until agents have acknowledged them. What has been taken in is sent until an
/// agent takes it or refuses it for good; the queue is bounded by its bytes. Thread-safe.
public final class Outbox implements AutoCloseable {
    /*
     * Each copy of each origin has a lane: a queue that one virtual thread empties in order, so that samples of a series
     * come in order, and an agent that is away holds up only what goes to it. Copy i goes to the agent of rank i as
     * it stands at each try, so that a lane goes on elsewhere as soon as its agent is known to be away or fails.
     *
     * Invariant, under the lock: a lane is in the map exactly while its thread runs.
     */
    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());
    private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long UNWILLING_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 10_000;
    private static final long DRAIN_MS = 3_000;
    static final Reply NOBODY = new Reply.Later(false, "no agent can be asked", Duration.ZERO);

    private final ForwardConfig config;
    private final AgentRanking ranking;
    private final AgentPost post;
    private final ForwardMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition drained = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong parcels = new AtomicLong();
    private final AtomicBoolean complained = new AtomicBoolean();
    private volatile boolean closed;

    public Outbox(
            ForwardConfig config,
            AgentDirectory directory,
            HttpClient http,
            ForwardMetrics metrics) {
        this.config = config;
        ranking = new AgentRanking(directory, System::nanoTime);
        post = new AgentPost(http, config.timeout(), new ForwardToken(config.tokenFile()));
        this.metrics = metrics;
        metrics.outbox(this);
    }

    ForwardConfig config() {
        return config;
    }

    AgentRanking ranking() {
        return ranking;
    }

    AgentPost post() {
        return post;
    }

    ForwardMetrics metrics() {
        return metrics;
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    long limitBytes() {
        return config.queueBytes();
    }

    long parcels() {
        return parcels.get();
    }

    int shunned() {
        return ranking.shunned();
    }

    /// Lets an agent come last for a while that has not taken what it was sent.
    void shun(AgentPlace agent, Reply reply) {
        switch (reply) {
            case Reply.Taken _, Reply.Refused _ -> {}
            case Reply.Unwilling _ -> ranking.shun(agent, UNWILLING_NANOS);
            case Reply.Later _ -> ranking.shun(agent, FAILED_NANOS);
        }
    }

    /// May more be taken in?
    boolean hasRoom() {
        return !closed && queuedBytes.get() < config.queueBytes();
    }

    /// Takes a parcel in, to be sent to as many agents as it has copies.
    void send(Parcel parcel, int copies) {
        queuedBytes.addAndGet(parcel.body.length);
        parcels.incrementAndGet();
        lock.lock();
        try {
            for (int copy = 0; copy < copies; copy++) {
                String key = copy + parcel.origin;
                Lane lane = lanes.get(key);
                if (lane == null) {
                    lane = new Lane(key, copy);
                    lanes.put(key, lane);
                    lane.waiting.add(parcel);
                    Thread.ofVirtual().name("forward-" + key).start(lane);
                } else {
                    lane.waiting.add(parcel);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Parcels of one origin that go to the agent of one rank. The queue is guarded by the lock.
    private final class Lane implements Runnable {
        private final String key;
        private final int copy;
        private final Deque<Parcel> waiting = new ArrayDeque<>();

        Lane(String key, int copy) {
            this.key = key;
            this.copy = copy;
        }

        @Override
        public void run() {
            try {
                for (Parcel parcel = next(); parcel != null; parcel = next()) {
                    settle(parcel, deliver(parcel, copy));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// The next parcel; at the end the lane is gone.
        private @Nullable Parcel next() {
            lock.lock();
            try {
                Parcel parcel = waiting.poll();
                if (parcel == null) {
                    lanes.remove(key);
                    if (lanes.isEmpty()) {
                        drained.signalAll();
                    }
                }
                return parcel;
            } finally {
                lock.unlock();
            }
        }
    }

    private void settle(Parcel parcel, Reply reply) {
        if (parcel.settled(reply)) {
            queuedBytes.addAndGet(-parcel.body.length);
            parcels.decrementAndGet();
        }
    }

    /// Sends a copy until an agent takes it or refuses it for good.
    private Reply deliver(Parcel parcel, int copy) throws InterruptedException {
        long pauseMs = FIRST_PAUSE_MS;
        while (true) {
            List<AgentPlace> agents = ranking.of(parcel.origin);
            Optional<AgentPlace> free = claim(parcel, agents, copy);
            if (free.isEmpty() && !agents.isEmpty()) {
                // fewer agents than copies: those there are have it, or will
                return new Reply.Taken(Written.UNTOLD);
            }
            Reply reply = free.isEmpty() ? NOBODY : post.send(free.get(), parcel);
            metrics.answered(reply, parcel.samples);
            switch (reply) {
                case Reply.Taken _ -> {
                    complained.set(false);
                    return reply;
                }
                case Reply.Refused refused -> {
                    complain(free, refused.status() + ": " + refused.text());
                    return reply;
                }
                case Reply.Unwilling(int status, String text) ->
                        giveUp(parcel, free, status + ": " + text, UNWILLING_NANOS);
                case Reply.Later later ->
                        giveUp(parcel, free, later.reason(), later.reached() ? 0 : FAILED_NANOS);
            }
            if (!movesOn(parcel, copy, free)) {
                long afterMs = reply instanceof Reply.Later later ? later.after().toMillis() : 0;
                pause(Math.max(pauseMs, afterMs));
                pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
            }
        }
    }

    /// The agent of the rank of the copy; the next one that has none if that one has.
    private static Optional<AgentPlace> claim(Parcel parcel, List<AgentPlace> agents, int copy) {
        for (int i = 0; i < agents.size(); i++) {
            AgentPlace agent = agents.get((copy + i) % agents.size());
            if (parcel.claim(agent)) {
                return Optional.of(agent);
            }
        }
        return Optional.empty();
    }

    private void giveUp(Parcel parcel, Optional<AgentPlace> agent, String reason, long shunNanos) {
        complain(agent, reason);
        agent.ifPresent(failed -> {
            parcel.release(failed);
            if (shunNanos > 0) {
                ranking.shun(failed, shunNanos);
            }
        });
    }

    /// Is it another agent's turn, one that has not failed?
    private boolean movesOn(Parcel parcel, int copy, Optional<AgentPlace> failed) {
        List<AgentPlace> agents = ranking.of(parcel.origin);
        return copy + ranking.shunned() < agents.size()
                && failed.filter(agent -> !agents.get(copy).equals(agent)).isPresent();
    }

    private void pause(long ms) throws InterruptedException {
        lock.lock();
        try {
            if (closed || closing.await(ms, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("forwarding ends");
            }
        } finally {
            lock.unlock();
        }
    }

    private void complain(Optional<AgentPlace> agent, String reason) {
        if (complained.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () ->
                            "samples are not taken host="
                                    + agent.map(AgentPlace::host).orElse("none")
                                    + " cell="
                                    + agent.map(AgentPlace::cell).orElse("none")
                                    + " reason="
                                    + reason);
        }
    }

    /// Waits a little until all is sent; what is left then is lost, and counted in the log.
    @Override
    public void close() {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(DRAIN_MS);
            while (!lanes.isEmpty() && leftNanos > 0) {
                leftNanos = drained.awaitNanos(leftNanos);
            }
            closed = true;
            closing.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        if (parcels.get() > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "forwarding ends with unsent requests count=" + parcels.get());
        }
    }
}
