package dev.muster.federation.udp;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.StateHash;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Datagrams to and from all agents of a cell, by one socket and one thread. Beats go out at once
/// on the thread that sends them; other frames go out one after the other, in parts if need be.
/// Drawn in `docs/format/cell-datagrams.md`. Thread-safe.
public final class UdpMesh implements AutoCloseable {
    /// Told on the thread of the mesh; must not block.
    public interface Receiver {
        /// A beat came.
        ///
        /// @param manifest names the newest manifest of the sender; 0 if it has none
        /// @param hint number of the sender's hint, in which all its metric names were when it sent
        ///   this; 0 if there is none
        /// @return the sender, as in [StateHash#ofHost(String)]
        /// @throws FrameException if it is none
        long beat(byte[] frame, int manifest, int hint) throws FrameException;

        /// Another frame came.
        ///
        /// @param sender host that sent it, if it is known
        /// @throws FrameException if it is none
        void frame(byte[] frame, Optional<String> sender) throws FrameException;
    }

    /// Lets datagrams through, or not; for tests of what the network does.
    public interface Gate {
        /// @param peer the other end
        /// @param out whether it goes there, or comes from there
        boolean passes(InetSocketAddress peer, boolean out);
    }

    private static final Logger LOG = System.getLogger(UdpMesh.class.getName());

    private static final int DATAGRAM_LIMIT = 2048;
    private static final int QUEUE_LIMIT = 2048;
    private static final int BURST = 32;
    private static final long BURST_PAUSE_MS = 2;

    /// While only beats come and nobody is in doubt, what comes within so long is read at once: a
    /// thread woken for each datagram costs more than the datagram.
    private static final long GATHER_NANOS = 100_000_000;

    /// So long after other news each datagram is read when it comes.
    private static final long HURRY_NANOS = 3_000_000_000L;

    private static final int SOCKET_BUFFER_BYTES = 512 << 10;

    private static final byte BEAT = 1;
    private static final byte FRAME = 2;
    private static final byte PART = 3;
    private static final int ECHO = 1;
    private static final int BEAT_HEAD = 10;
    private static final int FRAME_HEAD = 10;
    private static final int PART_HEAD = 16;

    private record Peers(Map<String, UdpPeer> byHost, Map<Long, UdpPeer> byHash) {}

    private record Outgoing(InetSocketAddress to, byte[] datagram) {}

    private final DatagramChannel channel;
    private final Selector selector;
    private final InetSocketAddress address;
    private final Receiver receiver;
    private final Gate gate;
    private final Seal seal;
    private final long self;
    private final Thread thread;
    private final Parts parts = new Parts();
    private final Queue<Outgoing> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final AtomicInteger frameId = new AtomicInteger();

    /// The beat for those who are heard, and for those who are not; guarded by the lock of this.
    private final ByteBuffer echoing = ByteBuffer.allocateDirect(DATAGRAM_LIMIT);

    private final ByteBuffer silent = ByteBuffer.allocateDirect(DATAGRAM_LIMIT);

    private final LongAdder sent = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder unsealed = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder strangers = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private final LongAdder queueFull = new LongAdder();
    private final LongAdder oversized = new LongAdder();

    private volatile Peers peers = new Peers(Map.of(), Map.of());
    private volatile int manifest;
    private volatile long hurriedUntilNanos = System.nanoTime();
    private volatile IntSupplier hint = () -> 0;

    private UdpMesh(UdpConfig config, Receiver receiver, Gate gate) throws IOException {
        this.receiver = receiver;
        this.gate = gate;
        this.seal = Seal.of(config.cell(), config.secret());
        this.self = StateHash.ofHost(config.host());
        this.frameId.set((int) System.nanoTime());
        this.channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            channel.bind(
                    new InetSocketAddress(InetAddress.getByName(config.address()), config.port()));
            this.address = (InetSocketAddress) channel.getLocalAddress();
            this.selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "cell address="
                            + config.address()
                            + " udpPort="
                            + config.port()
                            + ": port must be free to take datagrams on: found="
                            + e.getMessage(),
                    e);
        }
        this.thread = Thread.ofPlatform().daemon().name("muster-cell-udp").unstarted(this::run);
    }

    /// Opens the socket; nothing is received before [#start()].
    ///
    /// @throws IOException if the port is in use
    public static UdpMesh open(UdpConfig config, Receiver receiver, Gate gate) throws IOException {
        return new UdpMesh(config, receiver, gate);
    }

    /// Begins to receive.
    public void start() {
        thread.start();
    }

    /// Where the others reach this socket, as `ip:port`.
    public String address() {
        String ip = address.getAddress().getHostAddress();
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + address.getPort();
    }

    /// Says who the others are, by host. Those known before are remembered as they were heard.
    public void peers(Map<String, InetSocketAddress> others) {
        Peers before = peers;
        Map<String, UdpPeer> byHost = new HashMap<>();
        Map<Long, UdpPeer> byHash = new HashMap<>();
        others.forEach((host, to) -> {
            UdpPeer old = before.byHost.get(host);
            UdpPeer peer = old != null && old.address.equals(to) ? old : new UdpPeer(host, to);
            byHost.put(host, peer);
            byHash.put(StateHash.ofHost(host), peer);
        });
        peers = new Peers(Map.copyOf(byHost), Map.copyOf(byHash));
    }

    /// Names the newest own manifest from the next beat on.
    public void manifest(int hash) {
        manifest = hash;
    }

    /// Numbers the own hint: asked for each beat; 0 while a metric name is not in it.
    public void hint(IntSupplier number) {
        hint = number;
    }

    /// Sends a beat to all others, now.
    public synchronized void beat(byte[] frame) {
        if (BEAT_HEAD + frame.length + Seal.BYTES > DATAGRAM_LIMIT) {
            oversized.increment();
            return;
        }
        int number = hint.getAsInt();
        fill(echoing, frame, ECHO, number);
        fill(silent, frame, 0, number);
        long nowMs = nowMs();
        for (UdpPeer peer : peers.byHost.values()) {
            ByteBuffer datagram = peer.isHeard(nowMs) ? echoing : silent;
            transmit(datagram.rewind(), peer.address);
        }
    }

    private void fill(ByteBuffer out, byte[] frame, int flags, int number) {
        out.clear().put(BEAT).put((byte) flags).putInt(manifest).putInt(number).put(frame);
        seal.close(out);
        out.flip();
    }

    /// Sends a frame to all others, some time soon.
    public void send(byte[] frame) {
        send(frame, peers.byHost.values().stream().map(peer -> peer.address).toList());
    }

    /// Sends a frame to some of the others, some time soon.
    public void sendTo(byte[] frame, Collection<String> hosts) {
        Map<String, UdpPeer> known = peers.byHost;
        List<InetSocketAddress> to = new ArrayList<>();
        for (String host : hosts) {
            UdpPeer peer = known.get(host);
            if (peer != null) {
                to.add(peer.address);
            }
        }
        send(frame, to);
    }

    /// Sends a frame to these addresses, some time soon: how one who is not known yet speaks first.
    public void send(byte[] frame, Collection<InetSocketAddress> to) {
        if (to.isEmpty()) {
            return;
        }
        if (frame.length > Parts.SIZE_LIMIT) {
            oversized.increment();
            return;
        }
        List<byte[]> datagrams = datagrams(frame);
        for (InetSocketAddress one : to) {
            for (byte[] datagram : datagrams) {
                if (!queue.offer(new Outgoing(one, datagram))) {
                    queueFull.increment();
                    return;
                }
            }
        }
        selector.wakeup();
        LockSupport.unpark(thread);
    }

    private List<byte[]> datagrams(byte[] frame) {
        if (frame.length <= Parts.PART_BYTES) {
            ByteBuffer out = ByteBuffer.allocate(FRAME_HEAD + frame.length + Seal.BYTES);
            out.put(FRAME).put((byte) 0).putLong(self).put(frame);
            seal.close(out);
            return List.of(out.array());
        }
        int count = (frame.length + Parts.PART_BYTES - 1) / Parts.PART_BYTES;
        int id = frameId.incrementAndGet();
        List<byte[]> datagrams = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int from = index * Parts.PART_BYTES;
            int length = Math.min(Parts.PART_BYTES, frame.length - from);
            ByteBuffer out = ByteBuffer.allocate(PART_HEAD + length + Seal.BYTES);
            out.put(PART).put((byte) 0).putLong(self).putInt(id);
            out.put((byte) index).put((byte) count).put(frame, from, length);
            seal.close(out);
            datagrams.add(out.array());
        }
        return datagrams;
    }

    /// Somebody's state is in doubt or has changed: what the others say of it is wanted at once for
    /// the next three seconds. A frame that is no beat says so too.
    public void hurry() {
        boolean calm = isCalm();
        hurriedUntilNanos = System.nanoTime() + HURRY_NANOS;
        if (calm) {
            LockSupport.unpark(thread);
        }
    }

    /// Whether beats may wait for a tenth of a second, as none is likely to hold news.
    public boolean isCalm() {
        return System.nanoTime() - hurriedUntilNanos >= 0;
    }

    /// Whether that host was heard by datagrams of late.
    public boolean hears(String host) {
        UdpPeer peer = peers.byHost.get(host);
        return peer != null && peer.isHeard(nowMs());
    }

    /// Whether that host and this one hear each other by datagrams, so that no other way is needed.
    public boolean isMutual(String host) {
        UdpPeer peer = peers.byHost.get(host);
        return peer != null && peer.isMutual(nowMs());
    }

    /// How many of the others were heard by datagrams of late.
    public int heard() {
        long nowMs = nowMs();
        return (int) peers.byHost.values().stream().filter(peer -> peer.isHeard(nowMs)).count();
    }

    /// Frames, or parts of them, that wait to be sent.
    public int waiting() {
        return queue.size();
    }

    /// Counters.
    public UdpStats stats() {
        return new UdpStats(
                sent.sum(),
                sentBytes.sum(),
                received.sum(),
                receivedBytes.sum(),
                unsealed.sum(),
                malformed.sum(),
                strangers.sum(),
                unsent.sum(),
                queueFull.sum(),
                oversized.sum(),
                parts.lost());
    }

    /// Sends what waits, on the caller's thread: the last thing before leaving.
    public void flush() {
        for (Outgoing next = queue.poll(); next != null; next = queue.poll()) {
            transmit(ByteBuffer.wrap(next.datagram), next.to);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
            selector.close();
            channel.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "socket did not close gently", e);
        }
    }

    private void run() {
        ByteBuffer in = ByteBuffer.allocateDirect(DATAGRAM_LIMIT);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                selector.select(queue.isEmpty() ? 1000 : BURST_PAUSE_MS);
                selector.selectedKeys().clear();
                receiveAll(in);
                sendBurst();
                if (queue.isEmpty() && isCalm()) {
                    LockSupport.parkNanos(this, GATHER_NANOS);
                }
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "datagrams failed and go on", e);
            }
        }
    }

    private void sendBurst() {
        for (int i = 0; i < BURST; i++) {
            Outgoing next = queue.poll();
            if (next == null) {
                return;
            }
            transmit(ByteBuffer.wrap(next.datagram), next.to);
        }
    }

    private void receiveAll(ByteBuffer in) throws IOException {
        while (true) {
            in.clear();
            InetSocketAddress from = (InetSocketAddress) channel.receive(in);
            if (from == null) {
                return;
            }
            in.flip();
            if (gate.passes(from, false)) {
                received.increment();
                receivedBytes.add(in.remaining());
                accept(in);
            }
        }
    }

    private void accept(ByteBuffer in) {
        if (!seal.holds(in)) {
            unsealed.increment();
            return;
        }
        in.limit(in.limit() - Seal.BYTES);
        try {
            switch (in.get()) {
                case BEAT -> acceptBeat(in);
                case FRAME -> {
                    hurry();
                    acceptFrame(in);
                }
                case PART -> {
                    hurry();
                    acceptPart(in);
                }
                default -> malformed.increment();
            }
        } catch (FrameException | RuntimeException e) {
            malformed.increment();
            LOG.log(Level.DEBUG, "datagram refused", e);
        }
    }

    private void acceptBeat(ByteBuffer in) throws FrameException {
        if (in.remaining() < BEAT_HEAD - 1) {
            malformed.increment();
            return;
        }
        boolean echo = (in.get() & ECHO) != 0;
        int hash = in.getInt();
        int number = in.getInt();
        UdpPeer peer = peers.byHash.get(receiver.beat(rest(in), hash, number));
        if (peer == null) {
            strangers.increment();
        } else {
            peer.heard(echo, nowMs());
        }
    }

    private void acceptFrame(ByteBuffer in) throws FrameException {
        if (in.remaining() < FRAME_HEAD - 1) {
            malformed.increment();
            return;
        }
        in.get();
        long sender = in.getLong();
        receiver.frame(rest(in), host(sender));
    }

    private void acceptPart(ByteBuffer in) throws FrameException {
        if (in.remaining() < PART_HEAD - 1) {
            malformed.increment();
            return;
        }
        in.get();
        long sender = in.getLong();
        int id = in.getInt();
        int index = in.get() & 0xFF;
        int count = in.get() & 0xFF;
        if (index >= count || count > Parts.COUNT_LIMIT) {
            malformed.increment();
            return;
        }
        byte @Nullable [] whole = parts.take(sender, id, index, count, rest(in), nowMs());
        if (whole != null) {
            receiver.frame(whole, host(sender));
        }
    }

    private Optional<String> host(long sender) {
        return Optional.ofNullable(peers.byHash.get(sender)).map(peer -> peer.host);
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private void transmit(ByteBuffer datagram, InetSocketAddress to) {
        if (!gate.passes(to, true)) {
            return;
        }
        int length = datagram.remaining();
        try {
            if (channel.send(datagram, to) == length) {
                sent.increment();
                sentBytes.add(length);
            } else {
                unsent.increment();
            }
        } catch (IOException e) {
            unsent.increment();
            LOG.log(Level.DEBUG, "datagram not sent", e);
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
