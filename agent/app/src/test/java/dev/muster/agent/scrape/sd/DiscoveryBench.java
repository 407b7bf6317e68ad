package dev.muster.agent.scrape.sd;

import static org.awaitility.Awaitility.await;

import dev.muster.agent.scrape.ManualTimers;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryMetrics;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.job.Timers;
import dev.muster.model.labels.Labels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// What a discovery under test runs in: time that moves when told, real threads.
public final class DiscoveryBench {
    public final ManualTimers time = new ManualTimers(1_800_000_000_000L);
    public final DiscoveryMetrics metrics = new DiscoveryMetrics();
    public final AtomicInteger changes = new AtomicInteger();

    public DiscoveryContext context(HttpRequests http) {
        return context(http, new KubernetesScope(Optional.of("node-1"), false));
    }

    /// For kinds that ask nobody.
    public static DiscoveryContext context(InstantSource clock, Timers timers, Runnable changed) {
        return new DiscoveryContext(
                clock,
                timers,
                Thread.ofVirtual().factory(),
                new NoRequests(),
                new KubernetesScope(Optional.empty(), false),
                new DiscoveryMetrics(),
                changed);
    }

    public DiscoveryContext context(HttpRequests http, KubernetesScope scope) {
        return new DiscoveryContext(
                time,
                time,
                Thread.ofVirtual().factory(),
                http,
                scope,
                metrics,
                changes::incrementAndGet);
    }

    /// Waits until the state is as it must be.
    public static DiscoveryState until(Discovery discovery, Predicate<DiscoveryState> right) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> right.test(discovery.state()));
        return discovery.state();
    }

    /// Waits until something was found.
    public static List<TargetGroup> groups(Discovery discovery) {
        return until(discovery, state -> state.updatedMs() > 0).groups();
    }

    /// The labels of all targets, with those of their groups.
    public static List<Labels> targets(Discovery discovery) {
        return groups(discovery).stream()
                .flatMap(group -> group.targets().stream().map(target -> merged(group, target)))
                .toList();
    }

    private static Labels merged(TargetGroup group, Labels target) {
        Labels.Builder labels = group.labels().toBuilder();
        target.forEach(labels::set);
        return labels.build();
    }

    /// Lets time pass until the discovery has asked again.
    public DiscoveryState next(
            Discovery discovery, Duration interval, Predicate<DiscoveryState> right) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    time.advance(interval.toMillis());
                    return right.test(discovery.state());
                });
        return discovery.state();
    }
}
