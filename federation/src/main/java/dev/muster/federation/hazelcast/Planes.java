package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.Frame;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.udp.UdpMesh;
import dev.muster.federation.udp.UdpStats;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The ways of a frame to the other agents: datagrams, and the bus. Used by the thread of the cell;
/// what it counts may be read by any.
final class Planes {
    /*
     * Which way, chosen for each peer anew with each frame:
     * - Beats go by datagram to all. A member of the bus with whom datagrams do not go both ways gets
     *   them by the bus too, into an inbox of its own; so one peer that is cut off costs one message,
     *   not one for each member. Now and then a beat goes to all by the bus, so that it is known to
     *   work before it is needed.
     * - What is rare and larger goes by the bus to all, and by datagram to those who are not members
     *   of it: while it is down or split, or while Hazelcast's generation changes.
     * - A request goes both ways, by datagram to the one who is asked if he is heard; the answer also
     *   goes back by datagram to who asked by one.
     * - Datagrams of beats name the own hint; with beats by the bus goes a word that does, when there is something to say.
     * Doubles do no harm: every frame merges by maximum.
     */
    private static final long BUS_BEAT_MS = 20_000;
    private static final long ASKER_MS = 3000;
    private static final long INTRODUCE_MS = 2000;
    private static final long INTRODUCE_CALM_MS = 30_000;

    private final String self;
    private final HazelcastBus bus;
    private final @Nullable UdpMesh mesh;
    private final AddressBook book;
    private final ConcurrentMap<String, Long> askers = new ConcurrentHashMap<>();
    private final AtomicBoolean introducing = new AtomicBoolean();
    private final AtomicLong substituted = new AtomicLong();

    private final HintVoice voice = new HintVoice();
    private volatile IntSupplier hint = () -> 0;

    private List<RosterEntry> roster = List.of();
    private volatile Map<String, InetSocketAddress> peers = Map.of();
    private long busBeatMs = Long.MIN_VALUE / 2;
    private long introducedMs = Long.MIN_VALUE / 2;

    /// @param mesh null if no datagrams are wanted
    Planes(String self, HazelcastBus bus, @Nullable UdpMesh mesh, AddressBook book) {
        this.self = self;
        this.bus = bus;
        this.mesh = mesh;
        this.book = book;
    }

    /// Numbers the own hint: asked for each beat; 0 while a metric name is not in it.
    void hint(IntSupplier number) {
        hint = number;
        if (mesh != null) {
            mesh.hint(number);
        }
    }

    /// Says who the others are. Cheap when nothing has changed.
    void roster(List<RosterEntry> entries) {
        if (mesh == null || entries.equals(roster)) {
            return;
        }
        roster = entries;
        Map<String, InetSocketAddress> addresses = new HashMap<>();
        for (RosterEntry entry : entries) {
            if (entry.presence() == RosterEntry.Presence.ACTIVE && !entry.host().equals(self)) {
                address(entry.beatAddress()).ifPresent(at -> addresses.put(entry.host(), at));
            }
        }
        if (!addresses.equals(peers)) {
            peers = Map.copyOf(addresses);
            mesh.peers(peers);
        }
    }

    /// An address and a port, as numbers: nobody is asked for a name here.
    static Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        String ip = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[|]$", "");
        if (ip.isEmpty()
                || !ip.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new InetSocketAddress(
                            InetAddress.getByName(ip),
                            Integer.parseInt(text.substring(colon + 1))));
        } catch (UnknownHostException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Sends a frame.
    ///
    /// @param direct whether it goes by datagram to all who do not get it by the bus
    /// @param byBus whether it goes by the bus; those who are not on it get it by datagram
    void send(Frame frame, byte[] bytes, boolean direct, boolean byBus) {
        if (frame instanceof Frame.Beat beat) {
            beat(beat, bytes);
            return;
        }
        if (byBus || mesh == null) {
            bus.send(bytes);
        }
        UdpMesh datagrams = mesh;
        if (datagrams == null) {
            return;
        }
        if (frame instanceof Frame.Ask(String host) && datagrams.hears(host)) {
            datagrams.sendTo(bytes, List.of(host));
        } else if (byBus && !(frame instanceof Frame.Ask)) {
            datagrams.sendTo(bytes, offBus(frame));
        } else if (direct) {
            datagrams.send(bytes);
        }
    }

    private void beat(Frame.Beat beat, byte[] bytes) {
        UdpMesh datagrams = mesh;
        long nowMs = nowMs();
        int number = hint.getAsInt();
        boolean says = voice.isDue(number, nowMs);
        if (datagrams == null) {
            if (says) {
                bus.send(word(beat, number));
            }
            bus.send(bytes);
            return;
        }
        datagrams.beat(bytes);
        if (nowMs - busBeatMs >= BUS_BEAT_MS) {
            busBeatMs = nowMs;
            bus.send(bytes);
        } else {
            List<String> cutOff = cutOff(datagrams);
            substituted.addAndGet(cutOff.size());
            cutOff.forEach(member -> {
                if (says) {
                    bus.send(member, word(beat, number));
                }
                bus.send(member, bytes);
            });
        }
    }

    private static byte[] word(Frame.Beat beat, int number) {
        return new HintWord(beat.hostHash(), beat.incarnation(), beat.seq(), number).encode();
    }

    /// Members of the bus with whom datagrams do not go both ways.
    private List<String> cutOff(UdpMesh datagrams) {
        return bus.nodes().stream()
                .filter(node -> !node.equals(self) && !datagrams.isMutual(node))
                .toList();
    }

    private List<String> offBus(Frame frame) {
        long nowMs = nowMs();
        askers.values().removeIf(atMs -> nowMs - atMs > ASKER_MS);
        Set<String> members = bus.nodes();
        List<String> off = new ArrayList<>();
        for (String host : peers.keySet()) {
            boolean asked = frame instanceof Frame.Report && askers.containsKey(host);
            if (asked || !members.contains(host)) {
                off.add(host);
            }
        }
        return off;
    }

    /// Somebody asked by datagram, so that an answer is to go back the same way.
    void asked(String host) {
        if (peers.containsKey(host)) {
            askers.put(host, nowMs());
        }
    }

    /// Speaks to addresses that are not those of anyone known, now and then: more often while the
    /// bus knows nobody. Whoever is there answers with what he knows.
    ///
    /// @param roster the own entry, as a frame
    void introduce(byte[] roster) {
        UdpMesh datagrams = mesh;
        long nowMs = nowMs();
        boolean alone = bus.nodes().size() < 2;
        if (datagrams == null
                || nowMs - introducedMs < (alone ? INTRODUCE_MS : INTRODUCE_CALM_MS)
                || !introducing.compareAndSet(false, true)) {
            return;
        }
        introducedMs = nowMs;
        Thread.ofVirtual()
                .name("muster-cell-introduce")
                .start(() -> {
                    try {
                        datagrams.send(roster, strangers(datagrams));
                    } finally {
                        introducing.set(false);
                    }
                });
    }

    private List<InetSocketAddress> strangers(UdpMesh datagrams) {
        Set<InetSocketAddress> known = Set.copyOf(peers.values());
        Optional<InetSocketAddress> own = address(datagrams.address());
        return book.find().stream()
                .filter(found -> !known.contains(found) && !own.equals(Optional.of(found)))
                .toList();
    }

    /// Sends what waits.
    void flush() {
        bus.flush();
        if (mesh != null) {
            mesh.flush();
        }
    }

    /// What the two ways have carried.
    PlaneStats stats() {
        UdpMesh datagrams = mesh;
        UdpStats udp = datagrams == null ? UdpStats.NONE : datagrams.stats();
        int heard = datagrams == null ? 0 : datagrams.heard();
        int members = (int) bus.nodes().stream().filter(node -> !node.equals(self)).count();
        int needBus = datagrams == null ? members : cutOff(datagrams).size();
        return new PlaneStats(
                udp,
                datagrams == null ? 0 : datagrams.waiting(),
                heard,
                members,
                needBus,
                substituted.get(),
                bus.frames(),
                bus.bytesSent(),
                bus.waiting());
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
