package dev.muster.query.expected;

import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.ServiceNames;
import dev.muster.query.expected.Expected.Presence;
import dev.muster.query.expected.Expected.Why;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is expected of one host. Services that are simply there, which is nearly all of a million,
/// are kept as their agent tells them: by its list of names, which the view of the fleet has
/// anyway. Guarded by the lock of the book.
final class HostBook {
    /// The host itself.
    Expected host;

    /// When it was first heard of.
    final long knownMs;

    /// A mark of the round that last found it told of by its cell, and there.
    long toldRound;

    long thereRound;

    private ServiceNames told = ServiceNames.NONE;
    private long toldMs;

    /// The others; while it is open, all. Not changed while it is empty.
    private Map<ExpectedKey, Expected> apart = Map.of();

    HostBook(Expected host, long knownMs) {
        this.host = host;
        this.knownMs = knownMs;
    }

    /// Whether these are its services, each of them simply there.
    boolean isJust(ServiceNames names) {
        return apart.isEmpty() && told.count() > 0 && told.equals(names);
    }

    /// All are told again.
    void seen(long nowMs) {
        toldMs = nowMs;
    }

    /// Takes these for its services, each of them simply there, if none is known yet.
    ///
    /// @return whether it could: each has a job, an instance and a name of its own
    boolean takesFirst(ServiceNames names, long nowMs) {
        Set<ServiceNames.Name> distinct = new HashSet<>();
        for (ServiceNames.Name name : names.list()) {
            if (name.job().isEmpty() || name.instance().isEmpty() || !distinct.add(name)) {
                return false;
            }
        }
        if (size() != 0) {
            return false;
        }
        told = names;
        toldMs = nowMs;
        return true;
    }

    /// All services, each on its own, to be changed until it is [#fold] again.
    Map<ExpectedKey, Expected> open() {
        Map<ExpectedKey, Expected> all = apart.isEmpty() ? new HashMap<>() : apart;
        apart = all;
        for (ServiceNames.Name name : told.list()) {
            Expected one = plain(name);
            all.putIfAbsent(one.key(), one);
        }
        told = ServiceNames.NONE;
        return all;
    }

    private Expected plain(ServiceNames.Name name) {
        return new Expected(
                new ExpectedKey(host.key().host(), name.job(), name.instance()),
                host.cell(),
                Why.SEEN,
                Presence.PRESENT,
                host.sinceMs(),
                toldMs,
                "",
                Optional.empty());
    }

    /// Takes those that are simply there together again.
    ///
    /// @param names as its agent tells them
    /// @param nowMs when it did
    void fold(ServiceNames names, long nowMs) {
        List<ServiceState> plain = new ArrayList<>();
        Set<ServiceNames.Name> distinct = new HashSet<>();
        for (ServiceNames.Name name : names.list()) {
            boolean named = !name.job().isEmpty() && !name.instance().isEmpty();
            Expected one = named ? apart.get(key(name)) : null;
            if (one != null && isPlain(one, nowMs) && distinct.add(name)) {
                plain.add(named(name.job(), name.instance()));
            }
        }
        told = plain.size() == names.count() ? names : ServiceNames.of(plain);
        toldMs = nowMs;
        distinct.forEach(name -> apart.remove(key(name)));
        if (apart.isEmpty()) {
            apart = Map.of();
        }
    }

    /// A service of which nothing but the name matters.
    static ServiceState named(String job, String instance) {
        return new ServiceState(job, instance, Health.UP, Provenance.OWN, "", 0);
    }

    private ExpectedKey key(ServiceNames.Name name) {
        return new ExpectedKey(host.key().host(), name.job(), name.instance());
    }

    private static boolean isPlain(Expected one, long nowMs) {
        return one.why() == Why.SEEN
                && one.presence() == Presence.PRESENT
                && one.lastSeenMs() == nowMs;
    }

    /// How many services.
    int size() {
        return told.count() + apart.size();
    }

    /// Those that are not simply there, or are on a list.
    Collection<Expected> apart() {
        return apart.values();
    }

    /// The host and all services.
    List<Expected> all() {
        List<Expected> all = new ArrayList<>(1 + size());
        all.add(host);
        all.addAll(apart.values());
        told.list().forEach(name -> all.add(plain(name)));
        return all;
    }
}
