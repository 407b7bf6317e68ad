package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns the top level of a file into jobs.
final class ScrapeFileParser {
    private static final Set<String> NOT_CARRIED =
            Set.of(
                    "alerting",
                    "otlp",
                    "remote_read",
                    "remote_write",
                    "rule_files",
                    "runtime",
                    "scrape_config_files",
                    "storage",
                    "tracing");
    private static final Set<String> GLOBAL_NOT_CARRIED =
            Set.of(
                    "always_scrape_classic_histograms",
                    "convert_classic_histograms_to_nhcb",
                    "keep_dropped_targets",
                    "metric_name_escaping_scheme",
                    "metric_name_validation_scheme",
                    "query_log_file",
                    "scrape_failure_log_file",
                    "scrape_native_histograms",
                    "scrape_protocols");

    private final YamlMap root;
    private final Path directory;
    private final ScrapeDefaults defaults;
    private final List<String> remarks = new ArrayList<>();

    ScrapeFileParser(YamlMap root, Path directory, ScrapeDefaults defaults) {
        this.root = root;
        this.directory = directory;
        this.defaults = defaults;
    }

    ScrapeFile parse() throws ScrapeFileException {
        Map<String, String> external = Map.of();
        ScrapeDefaults jobDefaults = defaults;
        if (root.map("global").isPresent()) {
            YamlMap global = root.map("global").get();
            jobDefaults = globalDefaults(global);
            external = global.words("external_labels");
            if (global.has("evaluation_interval")) {
                global.duration("evaluation_interval", Duration.ZERO);
                remarks.add(
                        "line="
                                + global.line()
                                + ": evaluation_interval has no effect in an agent");
            }
            global.refuseOthers(GLOBAL_NOT_CARRIED);
        }
        List<ScrapeJob> jobs = jobs(jobDefaults);
        root.refuseOthers(NOT_CARRIED);
        return new ScrapeFile(external, jobs, remarks);
    }

    private List<ScrapeJob> jobs(ScrapeDefaults jobDefaults) throws ScrapeFileException {
        List<ScrapeJob> jobs = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (YamlMap config : root.maps("scrape_configs")) {
            ScrapeJob job = new ScrapeJobParser(config, directory, jobDefaults).parse();
            Integer earlier = lines.putIfAbsent(job.name(), config.line());
            if (earlier != null) {
                throw config.error(
                        "job_name",
                        "job_name must be unique: found=" + job.name() + ", also line=" + earlier);
            }
            jobs.add(job);
        }
        return jobs;
    }

    private ScrapeDefaults globalDefaults(YamlMap global) throws ScrapeFileException {
        return new ScrapeDefaults(
                timing(global, defaults.timing()),
                ScrapeJobParser.limits(global, defaults.limits()));
    }

    /// Interval and timeout; a timeout that is not written there follows a shorter interval.
    static ScrapeTiming timing(YamlMap config, ScrapeTiming fallback) throws ScrapeFileException {
        Duration interval = config.duration("scrape_interval", fallback.interval());
        boolean written = config.has("scrape_timeout");
        Duration timeout = config.duration("scrape_timeout", fallback.timeout());
        if (!written && timeout.compareTo(interval) > 0) {
            timeout = interval;
        }
        try {
            return new ScrapeTiming(interval, timeout);
        } catch (IllegalArgumentException e) {
            throw config.error(
                    written ? "scrape_timeout" : "scrape_interval", String.valueOf(e.getMessage()));
        }
    }
}
