package dev.muster.query.alertmanager.peers;

import dev.muster.query.alertmanager.state.StateRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits to be told to one other node: first all that is known, then what is learned, in
/// order, until it has taken it. Thread-safe.
final class PeerLane implements Runnable {
    private static final System.Logger LOG = System.getLogger(PeerLane.class.getName());
    private static final int WAITING_LIMIT = 100_000;
    private static final int BATCH = 500;
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 2_000;

    private final PeerView.Peer peer;
    private final Peers peers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Condition done = lock.newCondition();

    /// How many records were ever to be told, and how many of these the other has taken; guarded by
    /// the lock.
    private long added;

    private long taken;

    /// Guarded by the lock.
    private final Deque<StateRecord> waiting = new ArrayDeque<>();

    /// Whether all that is known is to be told; guarded by the lock.
    private boolean whole = true;

    /// Whether the other is to be asked to do so, too; guarded by the lock.
    private boolean again;

    private final Thread thread;
    private volatile boolean failing;

    PeerLane(PeerView.Peer peer, Peers peers) {
        this.peer = peer;
        this.peers = peers;
        thread = Thread.ofVirtual().name("alerts-to-" + peer.name()).unstarted(this);
    }

    PeerView.Peer peer() {
        return peer;
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    void add(List<StateRecord> records) {
        lock.lock();
        try {
            waiting.addAll(records);
            added += records.size();
            if (waiting.size() > WAITING_LIMIT) {
                waiting.clear();
                whole = true;
                peers.metrics().overflow();
            }
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /// All that is known is to be told, once more.
    void tellAll(boolean askToo) {
        lock.lock();
        try {
            whole = true;
            again |= askToo;
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                long upTo;
                if (nextIsWhole()) {
                    upTo = promised();
                    tellWhole();
                } else {
                    List<StateRecord> batch = batch();
                    upTo = promised();
                    tell(batch, false, false);
                }
                took(upTo);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean nextIsWhole() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !whole) {
                more.await();
            }
            if (whole) {
                whole = false;
                waiting.clear();
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// How many records have been told once what is out of the queue now has been.
    private long promised() {
        lock.lock();
        try {
            return added - waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void took(long upTo) {
        lock.lock();
        try {
            taken = Math.max(taken, upTo);
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the other has taken what it was to be told until now; not for one that does not
    /// answer.
    void settle(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long upTo = added;
            long left = nanos;
            while (taken < upTo && left > 0 && !failing) {
                left = done.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<StateRecord> batch() {
        lock.lock();
        try {
            List<StateRecord> batch = new ArrayList<>();
            while (batch.size() < BATCH && !waiting.isEmpty()) {
                batch.add(waiting.poll());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void tellWhole() throws InterruptedException {
        boolean settled = peers.claims().settled();
        List<StateRecord> all = peers.known();
        for (int from = 0; from < all.size(); from += BATCH) {
            tell(all.subList(from, Math.min(all.size(), from + BATCH)), false, settled);
            tellFresh();
        }
        tell(List.of(), true, settled);
        peers.metrics().whole();
    }

    /// What is learned meanwhile does not wait until all is told: were this node to die, what it
    /// told receivers would be known to nobody.
    private void tellFresh() throws InterruptedException {
        List<StateRecord> batch = batch();
        if (!batch.isEmpty()) {
            long upTo = promised();
            tell(batch, false, false);
            took(upTo);
        }
    }

    private void tell(List<StateRecord> records, boolean last, boolean settled)
            throws InterruptedException {
        boolean ask = false;
        lock.lock();
        try {
            ask = last && again;
            again &= !last;
        } finally {
            lock.unlock();
        }
        long pauseMs = FIRST_PAUSE_MS;
        while (!told(peers.news(records, last, ask, settled))) {
            peers.metrics().failed();
            TimeUnit.MILLISECONDS.sleep(pauseMs);
            pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        }
        peers.metrics().sent(records.size());
    }

    private boolean told(PeerNews news) throws InterruptedException {
        try {
            peers.send(peer, news);
            failing = false;
            return true;
        } catch (java.io.IOException e) {
            if (!failing) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "node does not take alerts name=" + peer.name() + " reason=" + e);
            }
            failing = true;
            return false;
        }
    }
}
