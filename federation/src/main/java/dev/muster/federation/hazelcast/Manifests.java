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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Manifests of all agents of the cell: the own one is given to the others, theirs are kept. They
/// come by the bus; where beats name another one than is held, it is asked for over HTTP: of its
/// agent, or, if that does not answer any more, of others that may have it. Thread-safe.
final class Manifests {
    private static final Logger LOG = System.getLogger(Manifests.class.getName());

    /// How long the bus is given to bring a manifest, and from an answer that nobody gave to the
    /// next question.
    private static final long PATIENCE_MS = 3000;

    /// From one answer to the next question: it was another manifest than beats name.
    private static final long AGAIN_MS = 30_000;

    /// Others that are asked when the agent itself does not answer.
    private static final int OTHERS_LIMIT = 3;

    private static final int PULL_LIMIT = 4;
    private static final int TIMEOUT_MS = 3000;
    private static final int ANNOUNCED_LIMIT = 256;

    /// @param nextMs when to ask; not before the one who is asking has ended
    private record Wanted(int hash, long nextMs) {}

    private final String cell;
    private final String self;
    private final ManifestStore store;
    private final ConcurrentMap<Long, Integer> announced = new ConcurrentHashMap<>();
    private final Semaphore pulling = new Semaphore(PULL_LIMIT);
    private final AtomicLong pulls = new AtomicLong();
    private final AtomicLong pullFailures = new AtomicLong();

    /// Confined to the thread of the cell.
    private final Map<String, Wanted> wanted = new HashMap<>();

    /// Hosts whose manifest nobody gave when it was asked for last.
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

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

    /// Names the newest manifest of that host; 0 if there is none.
    int hash(String host) {
        return store.hash(host);
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
        unanswered.retainAll(wanted.keySet());
        for (RosterEntry entry : roster) {
            int named = announced.getOrDefault(StateHash.ofHost(entry.host()), 0);
            if (named == 0 || named == store.hash(entry.host()) || entry.host().equals(self)) {
                wanted.remove(entry.host());
            } else {
                want(entry, named, roster, nowMs);
            }
        }
    }

    private void want(RosterEntry entry, int hash, List<RosterEntry> roster, long nowMs) {
        String host = entry.host();
        Wanted before = wanted.get(host);
        if (before == null || before.hash != hash || unanswered.remove(host)) {
            wanted.put(host, new Wanted(hash, nowMs + PATIENCE_MS));
        } else if (nowMs >= before.nextMs && pulling.tryAcquire()) {
            wanted.put(host, new Wanted(hash, nowMs + AGAIN_MS));
            List<String> urls = sources(entry, roster);
            Thread.ofVirtual().name("muster-manifest").start(() -> pull(host, hash, urls));
        }
    }

    /// Where it may be had: of its agent, then of some others.
    private List<String> sources(RosterEntry entry, List<RosterEntry> roster) {
        List<RosterEntry> others = new ArrayList<>(roster);
        others.removeIf(other -> other.host().equals(self) || other.host().equals(entry.host()));
        Collections.shuffle(others, ThreadLocalRandom.current());
        return Stream.concat(Stream.of(entry), others.stream().limit(OTHERS_LIMIT))
                .map(RosterEntry::httpUrl)
                .filter(url -> !url.isEmpty())
                .toList();
    }

    private void pull(String host, int hash, List<String> urls) {
        try {
            boolean answered = false;
            for (String url : urls) {
                answered |= pull(host, url);
                if (store.hash(host) == hash) {
                    return;
                }
            }
            if (!answered) {
                pullFailures.incrementAndGet();
                unanswered.add(host);
            }
        } finally {
            pulling.release();
            pulls.incrementAndGet();
        }
    }

    private boolean pull(String host, String url) {
        try {
            return store.offer(host, fetch(url, host));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, () -> "manifest not pulled: host=" + host + ", url=" + url, e);
            return false;
        }
    }

    private static byte[] fetch(String httpUrl, String host) throws IOException {
        String name = URLEncoder.encode(host, StandardCharsets.UTF_8);
        URLConnection connection =
                URI.create(httpUrl + "/api/v1/cell/manifest?host=" + name).toURL().openConnection();
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

    /// Times one was asked for over HTTP, to the end.
    long pulls() {
        return pulls.get();
    }

    /// Times that failed.
    long pullFailures() {
        return pullFailures.get();
    }
}
