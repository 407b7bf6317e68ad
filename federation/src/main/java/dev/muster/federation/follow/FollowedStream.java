package dev.muster.federation.follow;

import dev.muster.federation.follow.StreamTransport.Connection;
import dev.muster.federation.follow.StreamTransport.Kind;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.stream.CellPool;
import dev.muster.federation.stream.CellReplica;
import dev.muster.federation.stream.Hint;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.view.ObserverView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One agent that is followed: its stream, and this node's copy of what it says. Guarded by its own
/// lock.
final class FollowedStream implements FleetHints.Source {
    /// What a stream is connected with.
    interface Owner {
        /// The agent has said which cell it is of.
        CellPool poolOf(String cell, FollowedStream stream);

        /// The first whole view of the stream has come.
        void connected(FollowedStream stream);

        /// The copy has changed, or is known to hold still.
        void view(ObserverView view, FollowedStream stream);

        /// Nothing has come for too long; it may go on.
        void doubted(FollowedStream stream);

        /// Hints have come.
        void hints(List<Hint> hints, FollowedStream stream);

        /// Nothing more comes.
        void lost(FollowedStream stream, String reason);

        /// Milliseconds of a clock that does not step.
        long nowMs();
    }

    /// A stream that is opening may be silent so many times longer: the agent may be busy with the
    /// first frames of many.
    private static final int OPENING = 3;

    /// With each failure of an agent the next stream is waited for twice as long, so often: who is
    /// given up too early begins anew each time.
    private static final int DOUBLINGS = 2;

    /// A stream that has fallen silent is kept so many times longer where nobody else can be asked:
    /// to begin anew is work for an agent that has no time as it is.
    private static final int DOUBT = 6;

    private final String url;
    private final String wantedOf;
    private final int opening;
    private final long openedMs;
    private final StreamTransport transport;
    private final FollowerStats stats;
    private final Owner owner;
    private final StreamCodec codec = new StreamCodec();
    private final boolean wantsHints;
    private final List<StreamFrame.KnownHint> knownHints;

    private CellReplica replica;
    private @Nullable CellPool pool;
    private @Nullable Connection connection;
    private @Nullable Connection repair;
    private boolean closed;
    private boolean connected;
    private boolean shown;
    private volatile long heardMs;
    private long differsSinceMs = -1;
    private long repairMs;
    private long frames;
    private boolean matched;

    /// @param wantedOf the cell that it is opened for; empty if that is not known
    /// @param failedBefore how often in a row the agent has failed
    FollowedStream(
            String url,
            String wantedOf,
            Optional<Base> base,
            int failedBefore,
            boolean wantsHints,
            List<StreamFrame.KnownHint> knownHints,
            StreamTransport transport,
            FollowerStats stats,
            Owner owner) {
        this.url = url;
        this.wantedOf = wantedOf;
        opening = OPENING << Math.min(DOUBLINGS, failedBefore);
        this.wantsHints = wantsHints;
        this.knownHints = knownHints;
        this.transport = transport;
        this.stats = stats;
        this.owner = owner;
        pool = base.map(Base::pool).orElse(null);
        replica =
                new CellReplica(
                        base.map(Base::pool).orElseGet(CellPool::new), base.map(Base::view));
        openedMs = owner.nowMs();
        heardMs = openedMs;
    }

    /// What is known of a cell before its agent is asked.
    ///
    /// @param pool of the cell
    /// @param view of another of its agents
    record Base(CellPool pool, ObserverView view) {}

    String url() {
        return url;
    }

    /// The cell that it is of, or that it was opened for; empty if neither is known.
    String wantedOf() {
        return wantedOf.isEmpty() ? cell() : wantedOf;
    }

    long openedMs() {
        return openedMs;
    }

    /// Whether it ever gave a whole view.
    synchronized boolean shown() {
        return shown;
    }

    boolean wantsHints() {
        return wantsHints;
    }

    void open() {
        stats.opened.increment();
        byte[] subscribe =
                codec.encode(new StreamFrame.Subscribe(replica.vector(), knownHints, wantsHints));
        Connection opened =
                transport.open(
                        url,
                        Kind.STREAM,
                        subscribe,
                        new StreamTransport.Receiver() {
                            @Override
                            public void received(byte[] frame) {
                                FollowedStream.this.received(frame);
                            }

                            @Override
                            public void ended(String reason) {
                                fail(reason.isEmpty() ? "stream ended" : reason);
                            }
                        });
        synchronized (this) {
            if (!closed) {
                connection = opened;
                return;
            }
        }
        opened.close();
    }

    @Override
    public long heardMs() {
        return heardMs;
    }

    synchronized boolean connected() {
        return connected;
    }

    synchronized String cell() {
        return replica.head().map(ObserverView.Head::cell).orElse("");
    }

    synchronized Optional<Base> base() {
        CellPool known = pool;
        return known == null ? Optional.empty() : replica.view().map(view -> new Base(known, view));
    }

    synchronized Followed state(int failures, String error) {
        return new Followed(
                url,
                cell(),
                replica.head().map(ObserverView.Head::observer).orElse(""),
                connected,
                matched,
                frames,
                failures,
                error);
    }

    private void received(byte[] frame) {
        stats.frames.increment();
        stats.bytes.add(frame.length);
        try {
            take(frame);
        } catch (FrameException e) {
            stats.refusedFrames.increment();
            fail("frame refused: " + e.getMessage());
        }
    }

    private synchronized void take(byte[] bytes) throws FrameException {
        if (closed) {
            return;
        }
        StreamFrame frame = codec.decode(bytes, replica::names);
        heardMs = owner.nowMs();
        frames++;
        switch (frame) {
            case StreamFrame.Delta delta -> {
                stats.deltas.increment();
                adopt(delta.head().cell());
                replica.apply(delta);
                if (!delta.more()) {
                    show();
                }
            }
            case StreamFrame.KeepAlive alive -> {
                replica.apply(alive);
                show();
            }
            case StreamFrame.Hints hints -> owner.hints(hints.hints(), this);
            case StreamFrame.Subscribe _ ->
                    throw new FrameException("stream must not subscribe to its client");
        }
    }

    /// The pool of a cell is shared by its streams: known once the agent has said its cell.
    private void adopt(String cell) {
        CellPool own = owner.poolOf(cell, this);
        if (own != pool) {
            pool = own;
            replica = new CellReplica(own, replica.view());
        }
    }

    private void show() {
        Optional<ObserverView> view = replica.view();
        if (view.isEmpty()) {
            return;
        }
        connected = true;
        if (!shown) {
            shown = true;
            owner.connected(this);
        }
        matched = replica.matches();
        if (matched) {
            differsSinceMs = -1;
        } else if (differsSinceMs < 0) {
            stats.mismatches.increment();
            differsSinceMs = owner.nowMs();
        }
        owner.view(view.get(), this);
    }

    /// Looks at the time: doubts a silent stream, and gives it up in the end; asks for what differs
    /// where the copy has differed for too long.
    void watch(FollowerConfig config) {
        long silentMs;
        long patienceMs;
        boolean doubted = false;
        boolean differs;
        synchronized (this) {
            if (closed) {
                return;
            }
            long nowMs = owner.nowMs();
            long silence = config.silence().toMillis();
            patienceMs = silence * (shown ? DOUBT : opening);
            Connection open = connection;
            silentMs = (open == null ? nowMs : open.readMs(nowMs)) - heardMs;
            if (connected && silentMs > silence) {
                connected = false;
                doubted = true;
            } else if (connected && nowMs - heardMs > silence) {
                stats.unread.increment();
            }
            differs =
                    differsSinceMs >= 0
                            && nowMs - differsSinceMs > config.repairAfter().toMillis()
                            && nowMs - repairMs > config.repairAfter().toMillis();
            if (differs) {
                repairMs = nowMs;
            }
        }
        if (silentMs > patienceMs) {
            if (!shown()) {
                stats.silent.increment();
            }
            fail("silent");
        } else if (doubted) {
            stats.silent.increment();
            owner.doubted(this);
        } else if (differs) {
            repair();
        }
    }

    private void repair() {
        stats.repairs.increment();
        byte[] subscribe;
        Connection before;
        synchronized (this) {
            subscribe = codec.encode(new StreamFrame.Subscribe(replica.vector(), List.of(), false));
            before = repair;
        }
        if (before != null) {
            before.close();
        }
        Connection asked =
                transport.open(
                        url,
                        Kind.ONCE,
                        subscribe,
                        new StreamTransport.Receiver() {
                            @Override
                            public void received(byte[] frame) {
                                FollowedStream.this.received(frame);
                            }

                            @Override
                            public void ended(String reason) {
                                // if it did not come, the next look asks again
                            }
                        });
        synchronized (this) {
            repair = asked;
        }
    }

    private void fail(String reason) {
        if (end()) {
            stats.broken.increment();
            owner.lost(this, reason);
        }
    }

    /// Ends it on purpose.
    void close() {
        end();
    }

    private boolean end() {
        Connection open;
        Connection asked;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            connected = false;
            open = connection;
            asked = repair;
        }
        if (open != null) {
            open.close();
        }
        if (asked != null) {
            asked.close();
        }
        return true;
    }
}
