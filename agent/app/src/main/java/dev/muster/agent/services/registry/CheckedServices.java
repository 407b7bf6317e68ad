package dev.muster.agent.services.registry;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import java.util.List;
import java.util.Map;

/// What checks and heartbeats tell, as one target inside the agent; none while no service has any.
///
/// @param registry where services register
/// @param host the target's instance
public record CheckedServices(ServiceRegistry registry, String host) implements DiscoverySettings {
    @Override
    public String kind() {
        return "checks";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        Runnable listener = context.changed()::run;
        registry.onChange(listener);
        return new Discovery() {
            @Override
            public String kind() {
                return "checks";
            }

            @Override
            public DiscoveryState state() {
                boolean any =
                        registry.services().stream()
                                .anyMatch(one -> one.registration().isChecked());
                TargetGroup group = TargetGroup.of("checks", List.of(host), Map.of());
                return new DiscoveryState(
                        any ? List.of(group) : List.of(),
                        Math.max(0, context.clock().millis()),
                        "");
            }

            @Override
            public void close() {
                registry.forget(listener);
            }
        };
    }
}
