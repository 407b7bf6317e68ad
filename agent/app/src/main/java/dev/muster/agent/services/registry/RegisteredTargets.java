package dev.muster.agent.services.registry;

import dev.muster.agent.scrape.discovery.TargetInfo;
import dev.muster.agent.scrape.file.PrometheusDuration;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Registered services that have metrics, as targets.
///
/// @param registry where they register
public record RegisteredTargets(ServiceRegistry registry) implements DiscoverySettings {
    private static final String META = "__meta_service_";
    private static final Duration TIMEOUT_LIMIT = Duration.ofSeconds(10);

    @Override
    public String kind() {
        return "registered";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return new Open(registry, context);
    }

    private static final class Open implements Discovery {
        private final ServiceRegistry registry;
        private final DiscoveryContext context;
        private final Runnable listener;

        Open(ServiceRegistry registry, DiscoveryContext context) {
            this.registry = registry;
            this.context = context;
            listener = context.changed()::run;
            registry.onChange(listener);
        }

        @Override
        public String kind() {
            return "registered";
        }

        @Override
        public DiscoveryState state() {
            List<TargetGroup> groups =
                    registry.services().stream()
                            .map(RegisteredService::registration)
                            .filter(Registration::isScraped)
                            .map(RegisteredTargets::group)
                            .toList();
            return new DiscoveryState(groups, Math.max(0, context.clock().millis()), "");
        }

        @Override
        public void close() {
            registry.forget(listener);
        }
    }

    private static TargetGroup group(Registration service) {
        Labels.Builder labels =
                Labels.builder()
                        .set(TargetGroup.ADDRESS, service.instance())
                        .set("__metrics_path__", service.metricsPath())
                        .set("__scheme__", service.scheme())
                        .set("job", service.name())
                        .set(META + "id", service.id())
                        .set(META + "name", service.name())
                        .set(META + "address", service.address())
                        .set(META + "port", Integer.toString(service.port()));
        if (!service.tags().isEmpty()) {
            labels.set(META + "tags", "," + String.join(",", service.tags()) + ",");
        }
        Optional<Duration> interval = service.interval();
        if (interval.isPresent()) {
            Duration timeout =
                    interval.get().compareTo(TIMEOUT_LIMIT) < 0 ? interval.get() : TIMEOUT_LIMIT;
            labels.set("__scrape_interval__", PrometheusDuration.format(interval.get()));
            labels.set("__scrape_timeout__", PrometheusDuration.format(timeout));
        }
        service.meta()
                .forEach((name, value) -> {
                    if (!value.isEmpty()) {
                        labels.set(META + "meta_" + TargetInfo.name(name), value);
                        labels.set(TargetInfo.PREFIX + TargetInfo.name(name), value);
                    }
                });
        return new TargetGroup(service.id(), List.of(labels.build()), Labels.EMPTY);
    }
}
