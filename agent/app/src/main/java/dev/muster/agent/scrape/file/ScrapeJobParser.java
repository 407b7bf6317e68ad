package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Turns one entry of `scrape_configs` into a job.
final class ScrapeJobParser {
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

    ScrapeJob parse() throws YamlException {
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
                        new DiscoveryParser(config, directory).parse(name),
                        ScrapeValues.place(config),
                        failureLog(config, directory, defaults.failureLog()));
        config.refuseOthers(DiscoveryParser.NOT_CARRIED);
        if (job.relabel().isEmpty()) {
            refuseUrls();
        }
        return job;
    }

    static ScrapeLimits limits(YamlMap config, ScrapeLimits fallback) throws YamlException {
        return new ScrapeLimits(
                ScrapeValues.size(config, "body_size_limit", fallback.bodySizeBytes()),
                ScrapeValues.count(config, "sample_limit", fallback.samples()),
                ScrapeValues.count(config, "label_limit", fallback.labels()),
                ScrapeValues.count(config, "label_name_length_limit", fallback.labelNameLength()),
                ScrapeValues.count(config, "label_value_length_limit", fallback.labelValueLength()),
                ScrapeValues.count(config, "target_limit", fallback.targets()),
                ScrapeValues.count(
                        config, "native_histogram_bucket_limit", fallback.histogramBuckets()),
                config.value(
                        "native_histogram_min_bucket_factor",
                        fallback.histogramBucketFactor(),
                        "a number from 0",
                        ScrapeJobParser::parseFactor),
                ScrapeValues.count(config, "keep_dropped_targets", fallback.droppedTargets()));
    }

    static Optional<Path> failureLog(YamlMap config, Path directory, Optional<Path> fallback)
            throws YamlException {
        return config.has("scrape_failure_log_file")
                ? ScrapeValues.path(config, "scrape_failure_log_file", directory)
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

    private SeriesRules rules() throws YamlException {
        List<RelabelRule> metricRelabel = RelabelRuleParser.parse(config, "metric_relabel_configs");
        return new SeriesRules(
                config.flag("honor_labels", false),
                config.flag("honor_timestamps", true),
                config.flag("track_timestamps_staleness", false),
                metricRelabel);
    }

    /// Relabelling may make an address of anything; without it a URL is a mistake.
    private void refuseUrls() throws YamlException {
        for (YamlMap group : config.maps("static_configs")) {
            for (String target : group.texts("targets")) {
                if (target.isEmpty() || target.contains("/")) {
                    throw group.error(
                            "targets",
                            "target must be host:port without scheme or path: found=" + target);
                }
            }
        }
    }

    private static Optional<String> parseScheme(String text) {
        return Optional.of(text).filter(s -> s.equals("http") || s.equals("https"));
    }
}
