package dev.muster.agent.api;

import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.file.ScrapePoolText;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.agent.scrape.relabel.RelabelStep;
import dev.muster.agent.scrape.relabel.RelabelTrace;
import dev.muster.agent.why.Selector;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.yaml.YamlException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What Prometheus' API tells of targets beside their list: their metadata, their pools and the
/// steps of relabelling.
final class TargetCalls {
    /// Entries of one answer.
    private static final int METADATA_LIMIT = 100_000;

    /// Series seen less lately are not looked at.
    private static final long LATELY_MS = 5 * 60_000;

    private TargetCalls() {}

    static JsonObject scrapePools(AgentView view) {
        JsonArray pools = new JsonArray();
        view.jobs().stream().map(ScrapeJob::name).sorted().distinct().forEach(pools::add);
        return new JsonObject().put("scrapePools", pools);
    }

    /// A job's configuration as YAML, without secrets.
    ///
    /// @throws IllegalArgumentException if there is no such job
    /// @throws YamlException if its file cannot be read
    static JsonObject scrapePoolConfig(AgentView view, String pool) throws YamlException {
        return new JsonObject().put("yaml", ScrapePoolText.of(job(view, pool)));
    }

    private static ScrapeJob job(AgentView view, String pool) {
        return view.jobs().stream()
                .filter(candidate -> candidate.name().equals(pool))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("scrapePool must be a job: found=" + pool));
    }

    /// What each rule of a job makes of labels.
    ///
    /// @throws IllegalArgumentException if there is no such job, or the labels are no JSON object
    ///   of texts
    static JsonObject relabelSteps(AgentView view, String pool, String json) {
        ScrapeJob job = job(view, pool);
        JsonArray steps = new JsonArray();
        for (RelabelStep step : RelabelTrace.of(job.relabel(), labels(json)).steps()) {
            steps.add(
                    new JsonObject()
                            .put("rule", of(step.rule()))
                            .put("output", WhyJson.of(step.output()))
                            .put("keep", step.kept()));
        }
        return new JsonObject().put("steps", steps);
    }

    private static Labels labels(String json) {
        Labels.Builder labels = Labels.builder();
        try {
            for (Map.Entry<String, Object> entry : new JsonObject(json)) {
                if (!(entry.getValue() instanceof String value)) {
                    throw new IllegalArgumentException(
                            "labels must be texts: name=" + entry.getKey());
                }
                labels.set(entry.getKey(), value);
            }
        } catch (DecodeException e) {
            throw new IllegalArgumentException("labels must be a JSON object", e);
        }
        return labels.build();
    }

    private static JsonObject of(RelabelRule rule) {
        JsonObject json = new JsonObject().put("action", rule.action().text());
        if (!rule.sourceLabels().isEmpty()) {
            json.put("source_labels", new JsonArray(new ArrayList<>(rule.sourceLabels())));
        }
        json.put("separator", rule.separator()).put("regex", rule.regex().text());
        if (rule.modulus() > 0) {
            json.put("modulus", rule.modulus());
        }
        if (!rule.targetLabel().isEmpty()) {
            json.put("target_label", rule.targetLabel());
        }
        return json.put("replacement", rule.replacement());
    }

    /// Metadata of the metrics of targets.
    ///
    /// @param match selector of targets; empty for all
    /// @param metric only of this one; empty for all
    /// @param limit most targets; negative for no limit
    static JsonArray metadata(AgentView view, String match, String metric, int limit)
            throws IOException {
        List<LabelMatcher> matchers =
                match.isEmpty() ? List.of() : Selector.parse(match).matchers();
        JsonArray answer = new JsonArray();
        int left = limit < 0 ? Integer.MAX_VALUE : limit;
        for (Target target : view.found().active().values()) {
            if (!LabelMatcher.all(matchers, target.labels())) {
                continue;
            }
            if (left-- <= 0) {
                break;
            }
            SortedMap<String, MetricMetadata> families = families(view, target, metric);
            for (var family : families.entrySet()) {
                if (answer.size() >= METADATA_LIMIT) {
                    return answer;
                }
                answer.add(entry(target, family.getKey(), family.getValue(), metric.isEmpty()));
            }
        }
        return answer;
    }

    private static JsonObject entry(
            Target target, String family, MetricMetadata metadata, boolean named) {
        JsonObject json = new JsonObject().put("target", WhyJson.of(target.labels()));
        if (named) {
            json.put("metric", family);
        }
        return json.put("type", metadata.type().text())
                .put("help", metadata.help())
                .put("unit", metadata.unit());
    }

    private static SortedMap<String, MetricMetadata> families(
            AgentView view, Target target, String metric) throws IOException {
        List<LabelMatcher> matchers = new ArrayList<>();
        target.labels().forEach((name, value) -> matchers.add(LabelMatcher.equal(name, value)));
        long nowMs = System.currentTimeMillis();
        SelectRequest request =
                new SelectRequest(
                        TimeRange.closed(nowMs - LATELY_MS, nowMs + LATELY_MS),
                        matchers,
                        false,
                        ReadBudget.UNLIMITED);
        SortedMap<String, MetricMetadata> families = new TreeMap<>();
        try (SeriesSet set = view.series().select(request)) {
            for (int i = 0; i < set.size(); i++) {
                MetricMetadata metadata = set.metadata(i);
                String family = family(set.labels(i).metric(), metadata);
                boolean wanted = metric.isEmpty() || metric.equals(family);
                if (wanted && !metadata.equals(MetricMetadata.NONE)) {
                    families.putIfAbsent(family, metadata);
                }
            }
        }
        return families;
    }

    /// The family of a series: its name without the ending of the part.
    private static String family(String name, MetricMetadata metadata) {
        List<String> parts =
                switch (metadata.type()) {
                    case HISTOGRAM, GAUGE_HISTOGRAM -> List.of("_bucket", "_count", "_sum");
                    case SUMMARY -> List.of("_count", "_sum");
                    case UNKNOWN, COUNTER, GAUGE, INFO, STATE_SET -> List.of();
                };
        Optional<String> part = parts.stream().filter(name::endsWith).findFirst();
        return part.map(end -> name.substring(0, name.length() - end.length())).orElse(name);
    }
}
