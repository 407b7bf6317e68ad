package dev.muster.federation.sim;

import dev.muster.federation.member.ServiceState;
import java.util.ArrayList;
import java.util.List;

/// The services of one host: whether they run, and what a scrape of them says. Confined to one
/// thread.
final class SimulatedServices {
    private final List<ServiceState> up = new ArrayList<>();
    private final boolean[] stopped;
    private final long[] changedMs;
    private List<ServiceState> scraped = List.of();
    private boolean changed = true;

    SimulatedServices(String host, int count) {
        stopped = new boolean[count];
        changedMs = new long[count];
        for (int i = 0; i < count; i++) {
            up.add(ServiceState.own("job" + i % 10, host + ":" + (8000 + i), true, "", 0));
        }
    }

    int count() {
        return stopped.length;
    }

    /// A service as it is when it runs.
    ServiceState named(int service) {
        return up.get(service);
    }

    boolean runs(int service) {
        return !stopped[service];
    }

    /// When it was started or stopped last.
    long changedMs(int service) {
        return changedMs[service];
    }

    void stop(int service, long nowMs) {
        stopped[service] = true;
        changedMs[service] = nowMs;
        changed = true;
    }

    void start(int service, long nowMs) {
        stopped[service] = false;
        changedMs[service] = nowMs;
        changed = true;
    }

    /// All of them as a scrape finds them now: the same list as long as nothing changes.
    List<ServiceState> scrape(long unixMs) {
        if (changed) {
            List<ServiceState> states = new ArrayList<>(up.size());
            for (int i = 0; i < up.size(); i++) {
                ServiceState state = up.get(i);
                states.add(
                        stopped[i]
                                ? ServiceState.own(
                                        state.job(),
                                        state.instance(),
                                        false,
                                        "connection refused",
                                        unixMs)
                                : state);
            }
            scraped = List.copyOf(states);
            changed = false;
        }
        return scraped;
    }
}
