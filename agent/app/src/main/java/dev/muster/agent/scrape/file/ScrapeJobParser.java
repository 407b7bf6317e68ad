package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.job.StaticTargets;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.relabel.RelabelRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns one entry of `scrape_configs` into a job.
final class ScrapeJobParser {
    private static final Duration FILE_REFRESH = Duration.ofMinutes(5);
    private static final Set<String> NOT_CARRIED =
            Set.of(
                    "azure_sd_configs",
                    "consul_sd_configs",
                    "digitalocean_sd_configs",
                    "dns_sd_configs",
                    "docker_sd_configs",
                    "dockerswarm_sd_configs",
                    "ec2_sd_configs",
                    "eureka_sd_configs",
                    "gce_sd_configs",
                    "hetzner_sd_configs",
                    "http_sd_configs",
                    "ionos_sd_configs",
                    "kubernetes_sd_configs",
                    "kuma_sd_configs",
                    "lightsail_sd_configs",
                    "linode_sd_configs",
                    "marathon_sd_configs",
                    "nerve_sd_configs",
                    "nomad_sd_configs",
                    "openstack_sd_configs",
                    "ovhcloud_sd_configs",
                    "puppetdb_sd_configs",
                    "scaleway_sd_configs",
                    "serverset_sd_configs",
                    "stackit_sd_configs",
                    "triton_sd_configs",
                    "uyuni_sd_configs",
                    "vultr_sd_configs");

    private final YamlMap config;
    private final Path directory;
    private final ScrapeDefaults defaults;
    private final ScrapeTiming ofAgent;

    /// @param ofAgent timing of the agent, whatever the file says
    ScrapeJobParser(YamlMap config, Path directory, ScrapeDefaults defaults, ScrapeTiming ofAgent) {
        this.config = config;
        this.directory = directory;
        this.defaults = defaults;
        this.ofAgent = ofAgent;
    }

    ScrapeJob parse() throws ScrapeFileException {
        String name = config.text("job_name", "");
        if (name.isEmpty()) {
            throw config.error("job_name", "job_name must be given and not empty");
        }
        ScrapeJob job =
                new ScrapeJob(
                        name,
                        ScrapeFileParser.timing(config, defaults.timing(), ofAgent),
                        config.value(
                                "scheme", "http", "http or https", ScrapeJobParser::parseScheme),
                        config.value(
                                "metrics_path",
                                "/metrics",
                                "a path",
                                text -> Optional.of(text.startsWith("/") ? text : "/" + text)),
                        config.wordLists("params"),
                        new HttpAccessParser(config, directory).parse(),
                        limits(config, defaults.limits()),
                        FormatsParser.parse(config, defaults.formats()),
                        rules(),
                        RelabelRuleParser.parse(config, "relabel_configs"),
                        discoveries(name),
                        config.place(),
                        failureLog(config, directory, defaults.failureLog()));
        config.refuseOthers(NOT_CARRIED);
        return job;
    }

    static ScrapeLimits limits(YamlMap config, ScrapeLimits fallback) throws ScrapeFileException {
        return new ScrapeLimits(
                config.size("body_size_limit", fallback.bodySizeBytes()),
                config.count("sample_limit", fallback.samples()),
                config.count("label_limit", fallback.labels()),
                config.count("label_name_length_limit", fallback.labelNameLength()),
                config.count("label_value_length_limit", fallback.labelValueLength()),
                config.count("target_limit", fallback.targets()),
                config.count("native_histogram_bucket_limit", fallback.histogramBuckets()),
                config.value(
                        "native_histogram_min_bucket_factor",
                        fallback.histogramBucketFactor(),
                        "a number from 0",
                        ScrapeJobParser::parseFactor),
                config.count("keep_dropped_targets", fallback.droppedTargets()));
    }

    static Optional<Path> failureLog(YamlMap config, Path directory, Optional<Path> fallback)
            throws ScrapeFileException {
        return config.has("scrape_failure_log_file")
                ? config.path("scrape_failure_log_file", directory)
                : fallback;
    }

    private static Optional<Double> parseFactor(String text) {
        try {
            double factor = Double.parseDouble(text);
            return factor >= 0 && Double.isFinite(factor) ? Optional.of(factor) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private SeriesRules rules() throws ScrapeFileException {
        List<RelabelRule> metricRelabel = RelabelRuleParser.parse(config, "metric_relabel_configs");
        return new SeriesRules(
                config.flag("honor_labels", false),
                config.flag("honor_timestamps", true),
                config.flag("track_timestamps_staleness", false),
                metricRelabel);
    }

    private List<DiscoveryConfig> discoveries(String job) throws ScrapeFileException {
        List<DiscoveryConfig> found = new ArrayList<>();
        for (YamlMap group : config.maps("static_configs")) {
            StaticTargets targets = new StaticTargets(group(group, job + "/" + found.size()));
            found.add(new DiscoveryConfig(targets, group.place()));
        }
        for (YamlMap files : config.maps("file_sd_configs")) {
            found.add(new DiscoveryConfig(files(files), files.place()));
        }
        for (YamlMap listeners : config.maps("muster_listener_sd_configs")) {
            found.add(
                    new DiscoveryConfig(
                            ListenerParser.parse(
                                    listeners,
                                    config.text("metrics_path", "/metrics"),
                                    config.text("scheme", "http")),
                            listeners.place()));
        }
        return found;
    }

    /// One group of targets, in the file itself or in a file of its own.
    static TargetGroup group(YamlMap group, String source) throws ScrapeFileException {
        List<String> targets = group.texts("targets");
        for (String target : targets) {
            if (target.isEmpty() || target.contains("/")) {
                throw group.error(
                        "targets",
                        "target must be host:port without scheme or path: found=" + target);
            }
        }
        Map<String, String> labels = group.words("labels");
        group.refuseOthers(Set.of());
        return TargetGroup.of(source, targets, labels);
    }

    private FileTargets files(YamlMap file) throws ScrapeFileException {
        List<String> names = file.texts("files");
        if (names.isEmpty()) {
            throw file.error("files", "files must name at least one file");
        }
        for (String name : names) {
            if (!name.matches(".*\\.(json|yml|yaml)")) {
                throw file.error("files", "file must end with .json, .yml or .yaml: found=" + name);
            }
        }
        Duration refresh = file.duration("refresh_interval", FILE_REFRESH);
        file.refuseOthers(Set.of());
        return new FileTargets(directory, names, refresh);
    }

    private static Optional<String> parseScheme(String text) {
        return Optional.of(text).filter(s -> s.equals("http") || s.equals("https"));
    }
}
