package dev.muster.agent.intake.channel;

import dev.muster.agent.intake.ChannelState;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.EmitterConfiguration;
import io.smallrye.reactive.messaging.annotations.EmitterFactoryFor;
import io.smallrye.reactive.messaging.providers.extension.EmitterImpl;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// A channel of Reactive Messaging from a stage that must not wait to one that may: bounded, with a
/// thread of its own behind it. Beyond its limit it does not take the newest message. Thread-safe.
///
/// @param <T> what its messages carry
public final class StageChannel<T> implements AutoCloseable {
    /*
     * An emitter with OnOverflow.Strategy.BUFFER and, behind it, emitOn with a buffer of its own: both
     * count for the limit. An emitter throws where its buffer is full, and goes on afterwards; a
     * buffer of a Multi would end the stream for good.
     */
    private static final Logger LOG = System.getLogger(StageChannel.class.getName());

    /// What happens beyond the limit: the name of the emitter's strategy, which refuses the newest.
    static final String OVERFLOW = "buffer_then_drop_newest";

    private static final int MOST_AHEAD = 256;

    private final String name;
    private final int limit;
    private final int atOnce;
    private final Stage<T> stage;
    private final Emitter<T> emitter;
    private final ExecutorService thread;
    private final List<Message<? extends T>> waiting = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile boolean closed;

    /// @param name in metrics, and of its thread
    /// @param limit most messages that wait; at least 2
    /// @param atOnce most that the stage is given at one time
    public StageChannel(String name, int limit, int atOnce, Stage<T> stage) {
        if (limit < 2 || atOnce < 1) {
            throw new IllegalArgumentException(
                    "channel must hold at least 2 messages and give 1: channel="
                            + name
                            + ", limit="
                            + limit
                            + ", atOnce="
                            + atOnce);
        }
        this.name = name;
        this.limit = limit;
        this.atOnce = atOnce;
        this.stage = stage;
        int ahead = Math.min(MOST_AHEAD, limit / 2);
        EmitterImpl<T> made = new EmitterImpl<>(new Buffered(name, limit - ahead), limit - ahead);
        emitter = made;
        thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofVirtual().name("muster-channel-" + name).factory());
        var _ =
                Multi.createFrom()
                        .publisher(made.getPublisher())
                        .emitOn(thread, ahead)
                        .subscribe()
                        .with(this::take, this::ended);
    }

    /// Sends a message to the stage.
    ///
    /// @return false if the channel is full: it is then not taken, and counted
    public boolean send(Message<T> message) {
        try {
            emitter.send(message);
        } catch (IllegalStateException e) {
            dropped.increment();
            return false;
        }
        sent.incrementAndGet();
        return true;
    }

    /// A message is counted as sent after it was: one that is counted and not taken is on its way.
    private void take(Message<? extends T> message) {
        waiting.add(message);
        long number = taken.incrementAndGet();
        if (waiting.size() < atOnce && sent.get() > number) {
            return;
        }
        try {
            if (!closed) {
                stage.take(waiting);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, () -> "channel ends channel=" + name);
        } catch (RuntimeException e) {
            failures.increment();
            LOG.log(Level.WARNING, () -> "stage failed and goes on channel=" + name, e);
        } finally {
            waiting.clear();
        }
    }

    private void ended(Throwable failure) {
        if (!closed) {
            LOG.log(Level.ERROR, () -> "channel ended channel=" + name, failure);
        }
    }

    /// How it is now.
    public ChannelState state() {
        long all = sent.get();
        int depth = (int) Math.max(0, all - taken.get());
        return new ChannelState(name, limit, OVERFLOW, depth, all, dropped.sum(), failures.sum());
    }

    /// Ends it: what waits is not taken any more, nor acknowledged.
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        emitter.complete();
    }

    /// Most messages of an emitter, as an annotation would say it.
    private record Buffered(String name, long overflowBufferSize) implements EmitterConfiguration {
        @Override
        public EmitterFactoryFor emitterType() {
            return EmitterFactoryFor.Literal.EMITTER;
        }

        @Override
        public OnOverflow.Strategy overflowBufferStrategy() {
            return OnOverflow.Strategy.BUFFER;
        }

        @Override
        public boolean broadcast() {
            return false;
        }

        @Override
        public int numberOfSubscriberBeforeConnecting() {
            return 0;
        }
    }
}
