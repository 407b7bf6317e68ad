package dev.muster.federation.stream;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Place;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ServiceNames;
import java.util.HashMap;
import java.util.Map;

/// What several streams of one cell say alike, kept once. Thread-safe.
public final class CellPool {
    private final Map<String, HostState> hosts = new HashMap<>();
    private final Map<Place, Place> places = new HashMap<>();
    private final Map<Long, byte[]> jobs = new HashMap<>();

    /// The same state, made of what is there already.
    synchronized HostState shared(HostState state) {
        HostState old = hosts.get(state.host());
        if (old != null && old.equals(state)) {
            return old;
        }
        if (places.size() > StreamCodec.HOST_LIMIT) {
            places.clear();
        }
        if (hosts.size() > 2 * StreamCodec.HOST_LIMIT) {
            hosts.clear();
        }
        if (jobs.size() > StreamCodec.HOST_LIMIT) {
            jobs.clear();
        }
        HostState shared = state.sharing(old == null ? state : old, places, jobs);
        hosts.put(shared.host(), shared);
        return shared;
    }

    /// Names of that hash.
    ///
    /// @throws FrameException if none of the hosts known has them
    synchronized ServiceNames names(long hash) throws FrameException {
        for (HostState host : hosts.values()) {
            if (host.services().names().hash() == hash) {
                return host.services().names();
            }
        }
        throw new FrameException("names of services must be known: hash=" + Long.toHexString(hash));
    }

    /// Forgets a host that nobody tells of.
    synchronized void forget(String host) {
        hosts.remove(host);
    }
}
