package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.member.StateHash;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Manifests of all agents of the cell: the own one is given to the others, theirs are kept. They
/// come by the bus; where beats name another one than is held, it is asked for over HTTP.
/// Thread-safe.
final class Manifests {
    private static final Logger LOG = System.getLogger(Manifests.class.getName());

    /// How long the bus is given to bring a manifest.
    private static final long PATIENCE_MS = 3000;

    private static final long AGAIN_MS = 30_000;
    private static final int PULL_LIMIT = 4;
    private static final int TIMEOUT_MS = 3000;
    private static final int ANNOUNCED_LIMIT = 256;

    private record Wanted(int hash, long sinceMs, long askedMs) {}

    private final String cell;
    private final String self;
    private final ManifestStore store;
    private final ConcurrentMap<Long, Integer> announced = new ConcurrentHashMap<>();
    private final Semaphore pulling = new Semaphore(PULL_LIMIT);
    private final AtomicLong pulls = new AtomicLong();
    private final AtomicLong pullFailures = new AtomicLong();

    /// Confined to the thread of the cell.
    private final Map<String, Wanted> wanted = new HashMap<>();

    private long seq;
    private int hash;
    private byte @Nullable [] published;

    Manifests(String cell, String self, ManifestStore store) {
        this.cell = cell;
        this.self = self;
        this.store = store;
    }

    /// Makes the own manifest, if it is another one than before.
    ///
    /// @param publish takes it, as a frame
    /// @return its hash
    synchronized int publish(byte[] content, long incarnation, Consumer<byte[]> publish) {
        if (!Arrays.equals(content, published)) {
            published = content.clone();
            seq++;
            var manifest = new Manifest(self, incarnation, seq, published);
            byte[] frame = manifest.encode(cell);
            hash = manifest.hash();
            store.offer(self, frame);
            publish.accept(frame);
        }
        return hash;
    }

    /// The newest manifest of that host.
    Optional<Manifest> find(String host) {
        return store.find(host);
    }

    /// One came by the bus.
    void received(String host, byte[] frame) {
        store.offer(host, frame);
    }

    /// A beat names the newest manifest of its sender.
    void announced(long hostHash, int hash) {
        if (hash != 0 && (announced.size() < ANNOUNCED_LIMIT || announced.containsKey(hostHash))) {
            announced.put(hostHash, hash);
        }
    }

    /// Asks for what is missing, and forgets those who are gone. To be called now and then, on the
    /// thread of the cell.
    void tick(List<RosterEntry> roster, long nowMs) {
        announced.keySet().retainAll(roster.stream().map(e -> StateHash.ofHost(e.host())).toList());
        for (RosterEntry entry : roster) {
            int named = announced.getOrDefault(StateHash.ofHost(entry.host()), 0);
            if (named == 0 || named == store.hash(entry.host()) || entry.host().equals(self)) {
                wanted.remove(entry.host());
            } else if (!entry.httpUrl().isEmpty()) {
                want(entry, named, nowMs);
            }
        }
    }

    private void want(RosterEntry entry, int hash, long nowMs) {
        Wanted before = wanted.get(entry.host());
        if (before == null || before.hash != hash) {
            wanted.put(entry.host(), new Wanted(hash, nowMs, nowMs - AGAIN_MS));
        } else if (nowMs - before.sinceMs >= PATIENCE_MS
                && nowMs - before.askedMs >= AGAIN_MS
                && pulling.tryAcquire()) {
            wanted.put(entry.host(), new Wanted(hash, before.sinceMs, nowMs));
            Thread.ofVirtual().name("muster-manifest").start(() -> pull(entry));
        }
    }

    private void pull(RosterEntry entry) {
        try {
            pulls.incrementAndGet();
            store.offer(entry.host(), fetch(entry.httpUrl()));
        } catch (IOException | IllegalArgumentException e) {
            pullFailures.incrementAndGet();
            LOG.log(Level.DEBUG, () -> "manifest not pulled: host=" + entry.host(), e);
        } finally {
            pulling.release();
        }
    }

    private static byte[] fetch(String httpUrl) throws IOException {
        URLConnection connection =
                URI.create(httpUrl + "/api/v1/cell/manifest").toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try (InputStream in = connection.getInputStream()) {
            return in.readNBytes(Manifest.FRAME_LIMIT);
        } finally {
            if (connection instanceof HttpURLConnection http) {
                http.disconnect();
            }
        }
    }

    /// Drops the manifests of all but these hosts.
    void retain(Set<String> hosts) {
        store.retain(hosts);
    }

    /// How many are held.
    int size() {
        return store.size();
    }

    /// Those that were no such thing.
    long refused() {
        return store.refused();
    }

    /// Times one was asked for over HTTP.
    long pulls() {
        return pulls.get();
    }

    /// Times that failed.
    long pullFailures() {
        return pullFailures.get();
    }
}
