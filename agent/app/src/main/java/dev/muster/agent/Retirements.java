package dev.muster.agent;

import dev.muster.agent.services.registry.RegisteredService;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Services that have deregistered: told as such for a while, so that nobody takes them for lost.
/// Confined to one thread.
final class Retirements {
    /// What the state of such a service has as its reason.
    private static final String REASON = "deregistered";

    /// Long enough for every query node to hear of it.
    private static final long TOLD_NANOS = TimeUnit.MINUTES.toNanos(1);

    /// More than so many at once are told as gone.
    private static final int LIMIT = 256;

    private record Key(String job, String instance) {}

    private Set<Key> before = Set.of();
    private final Map<Key, Long> toldUntilNanos = new HashMap<>();

    /// The states, and those of services that were registered a while ago.
    ///
    /// @param states of all services
    /// @param registered those that are registered now
    /// @param nowNanos as `System.nanoTime()`
    List<ServiceState> add(
            List<ServiceState> states, List<RegisteredService> registered, long nowNanos) {
        Set<Key> now = new HashSet<>();
        for (RegisteredService service : registered) {
            now.add(new Key(service.registration().name(), service.registration().instance()));
        }
        for (Key key : before) {
            if (!now.contains(key) && toldUntilNanos.size() < LIMIT) {
                toldUntilNanos.put(key, nowNanos + TOLD_NANOS);
            }
        }
        before = now;
        toldUntilNanos
                .entrySet()
                .removeIf(told -> told.getValue() - nowNanos < 0 || now.contains(told.getKey()));
        return toldUntilNanos.isEmpty() ? states : with(states);
    }

    private List<ServiceState> with(List<ServiceState> states) {
        List<ServiceState> all = new ArrayList<>();
        for (ServiceState state : states) {
            if (!toldUntilNanos.containsKey(new Key(state.job(), state.instance()))) {
                all.add(state);
            }
        }
        for (Key key : toldUntilNanos.keySet()) {
            if (isShort(key)) {
                // without a time: its report must not change while it is told
                all.add(
                        new ServiceState(
                                key.job, key.instance, Health.MAINT, Provenance.OWN, REASON, 0));
            }
        }
        return all;
    }

    private static boolean isShort(Key key) {
        return key.job.length() <= ServiceState.TEXT_LIMIT
                && key.instance.length() <= ServiceState.TEXT_LIMIT;
    }
}
