package dev.muster.agent;

import dev.muster.agent.scrape.ServiceHold;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.services.registry.RegisteredService;
import dev.muster.agent.services.registry.Registration;
import dev.muster.federation.member.ServiceState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the cell hears of this host's services: how their scrapes went, and what checks and
/// heartbeats say of those that registered. A service is up if neither says otherwise.
final class ServiceStates {
    /// A name that the cell would refuse is cut here.
    private static final int NAME_LIMIT = ServiceState.TEXT_LIMIT;

    private record Key(String job, String instance) {}

    private ServiceStates() {}

    static List<ServiceState> of(List<TargetStatus> targets, List<RegisteredService> registered) {
        List<ServiceState> states = new ArrayList<>();
        Map<Key, Integer> places = new LinkedHashMap<>();
        for (TargetStatus status : targets) {
            if (status.service().known() && !isKept(status)) {
                ServiceState state = of(status);
                places.put(new Key(state.job(), state.instance()), states.size());
                states.add(state);
            }
        }
        for (RegisteredService service : registered) {
            if (service.registration().isChecked()) {
                ServiceState state = of(service);
                Integer place = places.get(new Key(state.job(), state.instance()));
                if (place == null) {
                    states.add(state);
                } else if (states.get(place).up() && !state.up()) {
                    states.set(place, state);
                }
            }
        }
        return states;
    }

    /// What was left here, such as pushed metrics, is no service that could be up.
    private static boolean isKept(TargetStatus status) {
        return status.target().endpoint() instanceof Endpoint.Kept;
    }

    private static ServiceState of(TargetStatus status) {
        ServiceHold service = status.service();
        return ServiceState.own(
                cut(status.target().labels().valueOf("job")),
                cut(status.target().instance()),
                service.up(),
                service.up() ? "" : status.error(),
                service.sinceMs());
    }

    private static ServiceState of(RegisteredService service) {
        Registration registration = service.registration();
        return ServiceState.own(
                cut(registration.name()),
                cut(registration.instance()),
                service.up(),
                service.up() ? "" : "critical: " + service.note(),
                service.sinceMs());
    }

    private static String cut(String name) {
        return name.length() <= NAME_LIMIT ? name : name.substring(0, NAME_LIMIT);
    }
}
