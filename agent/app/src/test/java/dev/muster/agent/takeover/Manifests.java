package dev.muster.agent.takeover;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.runs.JobPlan;
import dev.muster.agent.runs.JobView;
import dev.muster.agent.runs.RunKey;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.model.labels.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Manifests to test with.
final class Manifests {
    static final ScrapeProfile PLAIN = profile("web", Duration.ofSeconds(1));

    private Manifests() {}

    static ScrapeProfile profile(String job, Duration interval) {
        return new ScrapeProfile(
                job,
                new ScrapeTiming(interval, interval),
                ScrapeLimits.NONE,
                ScrapeFormats.DEFAULT,
                SeriesRules.DEFAULT,
                new ScrapeProfile.PlainHttp(true, true, true, false, ""),
                "");
    }

    static ManifestTarget target(ScrapeProfile profile, int port) {
        return target(profile, "127.0.0.1", port);
    }

    static ManifestTarget target(ScrapeProfile profile, String host, int port) {
        return new ManifestTarget(
                profile,
                Labels.of("job", profile.job(), "instance", host + ":" + port),
                Labels.EMPTY,
                Optional.of(new Endpoint.Http(false, host, port, "/metrics")),
                port * 7919,
                "");
    }

    static ManifestTarget unprobeable(ScrapeProfile profile, String instance, String reason) {
        return new ManifestTarget(
                profile,
                Labels.of("job", profile.job(), "instance", instance),
                Labels.EMPTY,
                Optional.empty(),
                0,
                reason);
    }

    static Manifest of(String host, ManifestTarget... targets) {
        return new Manifest("c1", host, Map.of("cell", "c1", "host", host), List.of(targets), 0);
    }

    /// With something of everything in it.
    static Manifest rich() {
        ScrapeProfile secured =
                new ScrapeProfile(
                        "tls",
                        new ScrapeTiming(Duration.ofSeconds(15), Duration.ofSeconds(10)),
                        new ScrapeLimits(1 << 20, 10_000, 64, 128, 1_024, 0, 160, 1.05, 0),
                        new ScrapeFormats(
                                ScrapeProtocol.PROTO_FIRST,
                                Optional.of(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4),
                                true,
                                true,
                                false,
                                NameValidation.LEGACY,
                                NameEscaping.UNDERSCORES,
                                true),
                        new SeriesRules(
                                true,
                                false,
                                true,
                                List.of(
                                        new RelabelRule(
                                                RelabelAction.DROP,
                                                List.of("__name__", "le"),
                                                ";",
                                                RelabelPattern.of("go_.*;.*"),
                                                0,
                                                "",
                                                "$1"))),
                        new ScrapeProfile.PlainHttp(false, false, false, true, "svc.example"),
                        "tls");
        return new Manifest(
                "c1",
                "wéb-1",
                Map.of("cell", "c1", "host", "wéb-1", "region", "north"),
                List.of(
                        target(PLAIN, 8080),
                        new ManifestTarget(
                                secured,
                                Labels.of("job", "tls", "instance", "[::1]:9"),
                                Labels.of("owner", "ann", "team", "shop"),
                                Optional.of(new Endpoint.Http(true, "fd00::7", 8443, "/m?x=1")),
                                -5,
                                ""),
                        unprobeable(PLAIN, "wéb-1", Reach.IN_AGENT)),
                3);
    }

    /// The same with jobs.
    static Manifest withJobs() {
        Manifest rich = rich();
        return new Manifest(
                rich.cell(),
                rich.host(),
                rich.external(),
                rich.targets(),
                rich.omitted(),
                Optional.of(jobs(job("nightly"), job("wéb"))));
    }

    static ManifestJobs jobs(JobView... jobs) {
        return new ManifestJobs(
                PLAIN.timing(),
                Labels.of("job", "runs", "instance", "wéb-1"),
                77,
                List.of(jobs),
                1);
    }

    static JobView job(String name) {
        return new JobView(
                new RunKey(name, "db-1"),
                new JobPlan(
                        "30 2 * * *", "Europe/Zurich", Duration.ofMinutes(2), Duration.ofHours(1)),
                1_800_063_000_000L,
                true,
                1_800_000_000_000L,
                1_800_000_003_000L,
                0,
                -3,
                3_000,
                5,
                6,
                7,
                Map.of("r1", 1_800_000_005_000L));
    }
}
