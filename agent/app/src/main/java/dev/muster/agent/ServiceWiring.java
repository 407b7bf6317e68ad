package dev.muster.agent;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.HostSource;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.services.registry.CheckedServices;
import dev.muster.agent.services.registry.RegisteredService;
import dev.muster.agent.services.registry.RegisteredTargets;
import dev.muster.agent.services.registry.RegistrationReader;
import dev.muster.agent.services.registry.ServiceChecks;
import dev.muster.agent.services.registry.ServicePlan;
import dev.muster.agent.services.registry.ServicePort;
import dev.muster.agent.services.registry.ServiceRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Self-registration as parts of an agent: where services register, their checks, and the jobs that
/// make targets of both.
final class ServiceWiring {
    private final ServicePort port;
    private final ServiceChecks checks;

    /// Reads back what was registered before.
    ServiceWiring(ServicePlan plan, InstantSource clock) {
        ServiceRegistry registry = new ServiceRegistry(plan.file(), clock, System::nanoTime);
        port = new ServicePort(registry, plan.callers(), new RegistrationReader(plan.addresses()));
        checks =
                new ServiceChecks(
                        registry,
                        Thread.ofVirtual().name("muster-check-", 0).factory(),
                        System::nanoTime);
    }

    ServicePort port() {
        return port;
    }

    List<RegisteredService> services() {
        return port.registry().services();
    }

    void writeMetrics(ExpositionWriter out) {
        port.registry().metrics().write(out, services());
    }

    /// To be called every second.
    void round() {
        checks.round();
    }

    /// What checks tell, as the body of a target.
    BodySource checkSource() {
        return new HostSource(checks::write, task -> Thread.ofVirtual().start(task));
    }

    /// One job of the services that are scraped, one of what their checks tell.
    List<ScrapeJob> jobs(String host, ScrapeDefaults defaults) {
        return List.of(
                job(
                        "services",
                        "http",
                        "/metrics",
                        defaults,
                        SeriesRules.DEFAULT,
                        new DiscoveryConfig(
                                new RegisteredTargets(port.registry()), Place.BUILT_IN)),
                job(
                        "service-checks",
                        ScrapeJob.HOST_SCHEME,
                        ScrapeJob.CHECKS_PATH,
                        defaults,
                        // the samples name job and instance of the services they are about
                        new SeriesRules(true, false, false, List.of()),
                        new DiscoveryConfig(
                                new CheckedServices(port.registry(), host), Place.BUILT_IN)));
    }

    private static ScrapeJob job(
            String name,
            String scheme,
            String path,
            ScrapeDefaults defaults,
            SeriesRules rules,
            DiscoveryConfig discovery) {
        return new ScrapeJob(
                name,
                defaults.timing(),
                scheme,
                path,
                Map.of(),
                // a service must not send the agent elsewhere
                HttpAccess.DEFAULT.withoutRedirects(),
                defaults.limits(),
                ScrapeFormats.DEFAULT.withFallback(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4),
                rules,
                List.of(),
                List.of(discovery),
                Place.BUILT_IN);
    }
}
