package dev.muster.federation.hazelcast;

import dev.muster.federation.member.Transition;
import dev.muster.federation.view.CellView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells listeners what happens in the cell, on a thread of its own, so that none of them can hold
/// up the detector. Thread-safe.
final class CellNews implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CellNews.class.getName());

    /// Most transitions that wait; beyond, the oldest are dropped and counted.
    static final int TRANSITION_LIMIT = 10_000;

    /// What is to become of a host: null takes it back.
    private record Order(String host, @Nullable Loss loss) {}

    private record Loss(long incarnation, String httpUrl) {}

    private final Supplier<CellView> view;
    private final List<Consumer<CellView>> viewers = new CopyOnWriteArrayList<>();
    private final List<Consumer<Transition>> chroniclers = new CopyOnWriteArrayList<>();
    private final Thread thread;

    /// All below is guarded by the lock of this.
    private final ArrayDeque<Transition> transitions = new ArrayDeque<>();

    /// The last word on each host only: no more than the cell has agents.
    private final Map<String, Order> orders = new LinkedHashMap<>();

    /// Those that a port that comes late still has to hear of.
    private final Map<String, Order> standing = new LinkedHashMap<>();

    private boolean viewChanged;
    private long dropped;
    private @Nullable TakeoverPort port;

    CellNews(Supplier<CellView> view) {
        this.view = view;
        this.thread = Thread.ofPlatform().daemon().name("muster-cell-tell").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    AutoCloseable subscribe(Consumer<CellView> listener) {
        viewers.add(listener);
        return () -> viewers.remove(listener);
    }

    AutoCloseable transitions(Consumer<Transition> listener) {
        chroniclers.add(listener);
        return () -> chroniclers.remove(listener);
    }

    /// Who looks after lost hosts; hears first of those that are lost already.
    synchronized void takeover(TakeoverPort other) {
        port = other;
        orders.putAll(standing);
        notifyAll();
    }

    synchronized void viewChanged() {
        viewChanged = true;
        notifyAll();
    }

    synchronized void transited(Transition transition) {
        if (transitions.size() >= TRANSITION_LIMIT) {
            transitions.removeFirst();
            dropped++;
        }
        transitions.addLast(transition);
        notifyAll();
    }

    synchronized void takeOver(String host, long incarnation, String httpUrl) {
        var order = new Order(host, new Loss(incarnation, httpUrl));
        standing.put(host, order);
        give(order);
    }

    synchronized void giveBack(String host) {
        standing.remove(host);
        give(new Order(host, null));
    }

    private synchronized void give(Order order) {
        if (port != null) {
            orders.remove(order.host); // to the end of the queue
            orders.put(order.host, order);
            notifyAll();
        }
    }

    /// Hosts that this agent is to look after now.
    synchronized int takenOver() {
        return standing.size();
    }

    /// What waits to be told.
    synchronized int waiting() {
        return transitions.size() + orders.size() + (viewChanged ? 1 : 0);
    }

    /// Transitions dropped because listeners were too slow.
    synchronized long dropped() {
        return dropped;
    }

    /// What is to be told in one round.
    private record Round(
            List<Transition> transitions,
            List<Order> orders,
            boolean viewChanged,
            @Nullable TakeoverPort port) {}

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                tell(next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Round next() throws InterruptedException {
        while (transitions.isEmpty() && orders.isEmpty() && !viewChanged) {
            wait();
        }
        var round =
                new Round(
                        new ArrayList<>(transitions),
                        new ArrayList<>(orders.values()),
                        viewChanged,
                        port);
        transitions.clear();
        orders.clear();
        viewChanged = false;
        return round;
    }

    private void tell(Round round) {
        TakeoverPort to = round.port;
        if (to != null) {
            round.orders.forEach(order -> guarded(() -> tell(to, order)));
        }
        for (Transition transition : round.transitions) {
            chroniclers.forEach(listener -> guarded(() -> listener.accept(transition)));
        }
        if (round.viewChanged && !viewers.isEmpty()) {
            CellView now = view.get();
            viewers.forEach(listener -> guarded(() -> listener.accept(now)));
        }
    }

    private static void tell(TakeoverPort port, Order order) {
        Loss loss = order.loss;
        if (loss == null) {
            port.giveBack(order.host);
        } else {
            port.takeOver(order.host, loss.incarnation, loss.httpUrl);
        }
    }

    private static void guarded(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "cell listener failed", e);
        }
    }

    /// Ends the telling; what waits is told no more.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
