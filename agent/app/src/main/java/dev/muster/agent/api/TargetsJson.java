package dev.muster.agent.api;

import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.file.PrometheusDuration;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.model.labels.Labels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Targets in the shape of Prometheus' `/api/v1/targets`. A state of our own, `refused`, tells what
/// cannot be a target.
final class TargetsJson {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private TargetsJson() {}

    /// @param jobs that are scraped: each has a count of dropped targets, 0 among them
    /// @param state `active`, `dropped`, `refused` for what cannot be a target, or anything else
    ///   for the first two
    /// @param pool only targets of this job; empty for all
    static JsonObject of(
            List<ScrapeJob> jobs,
            List<TargetStatus> targets,
            TargetSet found,
            String state,
            String pool) {
        JsonArray active = new JsonArray();
        if (!state.equals("dropped") && !state.equals("refused")) {
            for (TargetStatus status : targets) {
                if (isOf(pool, status.target().job().name())) {
                    active.add(active(status));
                }
            }
        }
        JsonObject json = new JsonObject().put("activeTargets", active);
        if (state.equals("active") || state.equals("refused")) {
            json.put("droppedTargets", new JsonArray())
                    .put("droppedTargetCounts", new JsonObject());
        } else {
            putDropped(json, jobs, found, pool);
        }
        return state.equals("refused") ? json.put("refusedTargets", refused(found, pool)) : json;
    }

    /// Counts are of all jobs; of each job at most `keep_dropped_targets` are shown.
    private static void putDropped(
            JsonObject json, List<ScrapeJob> jobs, TargetSet found, String pool) {
        Map<String, Integer> shown = new HashMap<>();
        jobs.forEach(job -> shown.put(job.name(), job.limits().droppedTargets()));
        Map<String, Integer> counts = new TreeMap<>();
        jobs.forEach(job -> counts.put(job.name(), 0));
        JsonArray dropped = new JsonArray();
        for (TargetResult.Dropped result : found.dropped()) {
            int count = counts.merge(result.job(), 1, Integer::sum);
            int limit = shown.getOrDefault(result.job(), 0);
            if (isOf(pool, result.job()) && (limit == 0 || count <= limit)) {
                dropped.add(
                        new JsonObject()
                                .put("discoveredLabels", labels(result.discovered()))
                                .put("scrapePool", result.job()));
            }
        }
        JsonObject perJob = new JsonObject();
        counts.forEach(perJob::put);
        json.put("droppedTargets", dropped).put("droppedTargetCounts", perJob);
    }

    private static JsonArray refused(TargetSet found, String pool) {
        JsonArray refused = new JsonArray();
        for (TargetResult.Refused result : found.refused()) {
            if (isOf(pool, result.job())) {
                refused.add(
                        new JsonObject()
                                .put("discoveredLabels", labels(result.discovered()))
                                .put("scrapePool", result.job())
                                .put("reason", result.reason()));
            }
        }
        return refused;
    }

    private static JsonObject active(TargetStatus status) {
        Target target = status.target();
        String url = target.endpoint().url();
        return new JsonObject()
                .put("discoveredLabels", labels(target.discovered()))
                .put("labels", labels(target.labels()))
                .put("info", labels(target.info()))
                .put("scrapePool", target.job().name())
                .put("scrapeUrl", url)
                .put("globalUrl", url)
                .put("lastError", status.error())
                .put(
                        "lastScrape",
                        status.last()
                                .map(last -> Instant.ofEpochMilli(last.tickMs()).toString())
                                .orElse(NEVER))
                .put(
                        "lastScrapeDuration",
                        status.last().map(ScrapeOutcome::durationNanos).orElse(0L) / 1e9)
                .put("health", health(status))
                .put("scrapeInterval", PrometheusDuration.format(target.timing().interval()))
                .put("scrapeTimeout", PrometheusDuration.format(target.timing().timeout()));
    }

    private static String health(TargetStatus status) {
        return status.last().isEmpty() ? "unknown" : status.up() ? "up" : "down";
    }

    private static JsonObject labels(Labels labels) {
        JsonObject json = new JsonObject();
        labels.forEach(json::put);
        return json;
    }

    private static boolean isOf(String pool, String job) {
        return pool.isEmpty() || pool.equals(job);
    }
}
