package dev.muster.federation.hazelcast;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Where other members may be: `address:port` or `name:port` by several sources, asked anew each
/// time; names are resolved anew too, to all their addresses. What could not be resolved in time is
/// as it was the last time. Thread-safe; asking may take some seconds.
public final class AddressBook {
    private static final Logger LOG = System.getLogger(AddressBook.class.getName());

    /// Most addresses that are tried.
    static final int LIMIT = 256;

    private static final long RESOLVE_MS = 2000;

    private final int defaultPort;
    private final List<Supplier<List<String>>> sources;
    private final Map<String, List<InetAddress>> resolved = new ConcurrentHashMap<>();
    private final AtomicLong failures = new AtomicLong();

    /// @param defaultPort of addresses that name none
    /// @param sources each answers quickly, or with what it knew last
    public AddressBook(int defaultPort, List<Supplier<List<String>>> sources) {
        this.defaultPort = defaultPort;
        this.sources = List.copyOf(sources);
    }

    /// All addresses now, without doubles, those of the first source first.
    public List<InetSocketAddress> find() {
        Set<Place> places = places();
        resolve(places.stream().map(Place::host).filter(host -> !isLiteral(host)).toList());
        Set<InetSocketAddress> found = new LinkedHashSet<>();
        for (Place place : places) {
            for (InetAddress address : addresses(place.host)) {
                if (found.size() < LIMIT) {
                    found.add(new InetSocketAddress(address, place.port));
                }
            }
        }
        return List.copyOf(found);
    }

    /// How often a source failed or a name could not be resolved.
    public long failures() {
        return failures.get();
    }

    private record Place(String host, int port) {}

    private Set<Place> places() {
        Set<Place> places = new LinkedHashSet<>();
        for (Supplier<List<String>> source : sources) {
            try {
                source.get().forEach(text -> place(text).ifPresent(places::add));
            } catch (RuntimeException e) {
                failures.incrementAndGet();
                LOG.log(Level.DEBUG, "source of addresses failed", e);
            }
        }
        return places;
    }

    private Optional<Place> place(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && text.indexOf(']', colon) < 0 && isOnlyColon(text, colon);
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : defaultPort;
            if (!host.isBlank() && port > 0 && port <= 65535) {
                return Optional.of(new Place(host, port));
            }
        } catch (NumberFormatException e) {
            LOG.log(Level.DEBUG, "address without a port", e);
        }
        failures.incrementAndGet();
        return Optional.empty();
    }

    /// Whether the colon begins a port, rather than being one of those of a bare IPv6 address.
    private static boolean isOnlyColon(String text, int colon) {
        return text.startsWith("[") || text.indexOf(':') == colon;
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private List<InetAddress> addresses(String host) {
        if (!isLiteral(host)) {
            return resolved.getOrDefault(host, List.of());
        }
        try {
            return List.of(InetAddress.getByName(host)); // does not ask anybody
        } catch (UnknownHostException e) {
            failures.incrementAndGet();
            return List.of();
        }
    }

    private void resolve(List<String> names) {
        resolved.keySet().retainAll(names);
        var done = new CountDownLatch(names.size());
        for (String name : names) {
            Thread.ofVirtual().name("muster-resolve").start(() -> resolve(name, done));
        }
        try {
            if (!done.await(RESOLVE_MS, TimeUnit.MILLISECONDS)) {
                failures.addAndGet(done.getCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void resolve(String name, CountDownLatch done) {
        try {
            resolved.put(name, List.of(InetAddress.getAllByName(name)));
        } catch (UnknownHostException e) {
            failures.incrementAndGet();
            LOG.log(Level.DEBUG, "name not resolved", e);
        } finally {
            done.countDown();
        }
    }
}
