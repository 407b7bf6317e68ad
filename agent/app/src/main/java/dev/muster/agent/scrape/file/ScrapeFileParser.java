package dev.muster.agent.scrape.file;

import dev.muster.agent.remotewrite.RemotePlan;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns the top level of a file into jobs.
final class ScrapeFileParser {
    private static final List<String> GLOBAL_WITHOUT_EFFECT =
            List.of("evaluation_interval", "query_log_file", "rule_query_offset");

    /// How long a scrape may take in Prometheus where nothing is said.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final YamlMap root;
    private final Path directory;
    private final ScrapeDefaults defaults;
    private final Map<String, String> environment;
    private final List<String> remarks = new ArrayList<>();
    private final List<Path> included = new ArrayList<>();
    private final Map<String, String> jobPlaces = new HashMap<>();

    ScrapeFileParser(
            YamlMap root,
            Path directory,
            ScrapeDefaults defaults,
            Map<String, String> environment) {
        this.root = root;
        this.directory = directory;
        this.defaults = defaults;
        this.environment = environment;
    }

    ScrapeFile parse() throws YamlException {
        Map<String, String> external = Map.of();
        ScrapeDefaults jobDefaults = defaults;
        Optional<YamlMap> global = root.map("global");
        if (global.isPresent()) {
            jobDefaults = global(global.get());
            external = externalLabels(global.get());
            global.get().refuseOthers();
        }
        List<ScrapeJob> jobs = new ArrayList<>(jobs(root, directory, jobDefaults));
        jobs.addAll(includedJobs(jobDefaults));
        if (!jobs.isEmpty() && !global.map(map -> map.has("scrape_interval")).orElse(false)) {
            remarks.add(
                    "line="
                            + global.map(YamlMap::line).orElse(1)
                            + ": global scrape_interval is not given: muster.scrape.interval="
                            + PrometheusDuration.format(defaults.timing().interval())
                            + " holds where a job has none");
        }
        List<RemotePlan> remotes = new RemoteWriteParser(root, directory, remarks).parse();
        OtherSections.accept(root, remarks);
        root.refuseOthers();
        return new ScrapeFile(external, jobs, remarks, included, remotes);
    }

    private ScrapeDefaults global(YamlMap global) throws YamlException {
        ScrapeDefaults result =
                new ScrapeDefaults(
                        timing(global, defaults.timing(), defaults.timing()),
                        ScrapeJobParser.limits(global, defaults.limits()),
                        FormatsParser.parse(global, defaults.formats()),
                        ScrapeJobParser.failureLog(global, directory, defaults.failureLog()));
        for (String key : GLOBAL_WITHOUT_EFFECT) {
            if (global.has(key)) {
                remarks.add("line=" + global.line(key) + ": " + key + " has no effect in an agent");
            }
        }
        return result;
    }

    private Map<String, String> externalLabels(YamlMap global) throws YamlException {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> absent = new ArrayList<>();
        global.words("external_labels")
                .forEach((name, value) ->
                        labels.put(name, EnvironmentText.expand(value, environment, absent)));
        if (!absent.isEmpty()) {
            remarks.add(
                    "line="
                            + global.line("external_labels")
                            + ": external_labels name variables that are not set: found="
                            + absent);
        }
        return labels;
    }

    private List<ScrapeJob> jobs(YamlMap file, Path from, ScrapeDefaults jobDefaults)
            throws YamlException {
        List<ScrapeJob> jobs = new ArrayList<>();
        for (YamlMap config : file.maps("scrape_configs")) {
            ScrapeJob job =
                    new ScrapeJobParser(config, from, jobDefaults, defaults.timing()).parse();
            String earlier =
                    jobPlaces.putIfAbsent(job.name(), ScrapeValues.place(config).toString());
            if (earlier != null) {
                throw config.error(
                        "job_name",
                        "job_name must be unique: found=" + job.name() + ", also at " + earlier);
            }
            jobs.add(job);
        }
        return jobs;
    }

    private List<ScrapeJob> includedJobs(ScrapeDefaults jobDefaults) throws YamlException {
        List<ScrapeJob> jobs = new ArrayList<>();
        for (String pattern : root.texts("scrape_config_files")) {
            List<Path> paths;
            try {
                paths = PathPattern.matching(directory, pattern);
            } catch (IllegalArgumentException e) {
                throw root.error(
                        "scrape_config_files",
                        "an entry of scrape_config_files must be a path, * and ? in its last part: "
                                + e.getMessage());
            }
            if (paths.isEmpty()) {
                remarks.add(
                        "line="
                                + root.line("scrape_config_files")
                                + ": scrape_config_files: no file is there: found="
                                + YamlMap.shown(pattern));
            }
            for (Path path : paths) {
                included.add(path);
                YamlMap file = YamlMap.parse(path.toString(), ScrapeFile.text(path));
                jobs.addAll(jobs(file, ScrapeFile.directoryOf(path), jobDefaults));
                file.refuseOthers();
            }
        }
        return jobs;
    }

    /// Interval and timeout. A timeout that is not written follows a shorter interval; one that
    /// followed the agent's short interval is Prometheus' 10 s where an interval is written.
    static ScrapeTiming timing(YamlMap config, ScrapeTiming fallback, ScrapeTiming ofAgent)
            throws YamlException {
        Duration interval = ScrapeValues.duration(config, "scrape_interval", fallback.interval());
        boolean written = config.has("scrape_timeout");
        boolean follows = fallback.equals(ofAgent) && ofAgent.timeout().equals(ofAgent.interval());
        Duration unwritten =
                follows && TIMEOUT.compareTo(fallback.timeout()) > 0 ? TIMEOUT : fallback.timeout();
        Duration timeout = ScrapeValues.duration(config, "scrape_timeout", unwritten);
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
