package dev.muster.agent.api;

import dev.muster.agent.scrape.append.FoldedMetric;
import dev.muster.agent.scrape.append.SampleFaults;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesShare;
import dev.muster.agent.scrape.append.SeriesTrace;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.fetch.HttpExchange;
import dev.muster.agent.scrape.relabel.LabelChange;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.agent.scrape.relabel.RelabelStep;
import dev.muster.agent.scrape.relabel.RelabelTrace;
import dev.muster.agent.upload.Shipment;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.agent.why.AgentFacts;
import dev.muster.agent.why.DiscoveryLine;
import dev.muster.agent.why.Explanation;
import dev.muster.agent.why.Overview;
import dev.muster.agent.why.ProbeResult;
import dev.muster.agent.why.Step;
import dev.muster.agent.why.TargetLine;
import dev.muster.model.labels.Labels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Explanations as JSON. Every step has `step`, `mark` and `text`; what else it has depends on its
/// kind. Times are Unix milliseconds.
final class WhyJson {
    /// Most of any list.
    private static final int ITEMS = 100;

    /// Longest text from outside.
    private static final int TEXT_LIMIT = 1_000;

    private WhyJson() {}

    static JsonObject of(Overview overview) {
        return new JsonObject()
                .put("targets", array(overview.targets(), WhyJson::of, Overview.TARGETS_LIMIT))
                .put("more", overview.more())
                .put("discoveries", array(overview.discoveries(), WhyJson::of))
                .put("problems", new JsonArray(overview.problems()));
    }

    static JsonObject of(Explanation explanation) {
        return new JsonObject()
                .put("verdict", explanation.verdict().name())
                .put("mark", explanation.verdict().mark().text())
                .put("subject", explanation.subject())
                .put("sentence", explanation.sentence())
                .put("next", explanation.next())
                .put("steps", array(explanation.steps(), WhyJson::of))
                .put("others", array(explanation.others(), WhyJson::of));
    }

    private static JsonObject of(TargetLine line) {
        return new JsonObject()
                .put("verdict", line.verdict().name())
                .put("mark", line.verdict().mark().text())
                .put("job", line.origin().job())
                .put("url", cut(line.url()))
                .put("labels", of(line.labels()))
                .put("found", of(line.origin()))
                .put("error", line.error())
                .put("sinceMs", line.sinceMs())
                .put("series", line.series());
    }

    private static JsonObject of(DiscoveryLine line) {
        return new JsonObject()
                .put("job", line.job())
                .put("kind", line.kind())
                .put("place", line.place().toString())
                .put("found", line.found())
                .put("scraped", line.scraped())
                .put("updatedMs", line.updatedMs())
                .put("error", line.error());
    }

    private static JsonObject of(TargetOrigin origin) {
        return new JsonObject()
                .put("job", origin.job())
                .put("kind", origin.kind())
                .put("place", origin.place().toString())
                .put("source", cut(origin.source()));
    }

    private static JsonObject of(Step step) {
        JsonObject json =
                new JsonObject()
                        .put("step", step.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                        .put("mark", step.mark().text())
                        .put("text", step.text());
        switch (step) {
            case Step.Discovered s ->
                    json.put("found", of(s.origin()))
                            .put("updatedMs", s.updatedMs())
                            .put("error", s.error())
                            .put("labels", of(s.labels()));
            case Step.Relabelled s -> json.put("rules", of(s.trace()));
            case Step.Targeted s -> json.put("labels", of(s.labels())).put("url", cut(s.url()));
            case Step.Scheduled s ->
                    json.put("intervalMs", s.timing().intervalMs())
                            .put("timeoutMs", s.timing().timeoutMs())
                            .put("nextTickMs", s.nextTickMs())
                            .put("jitterMs", s.jitterMs());
            case Step.Scraped s -> scraped(s, json);
            case Step.Remembered s ->
                    json.put("recent", array(s.recent(), WhyJson::of))
                            .put("changes", array(s.changes(), WhyJson::of));
            case Step.Accounted s -> accounted(s, json);
            case Step.Limited s -> json.put("limits", array(s.limits(), WhyJson::of));
            case Step.Stored s -> stored(s.head(), json);
            case Step.Shipped s ->
                    json.put("windowStartMs", s.window().startMs())
                            .put("windowEndMs", s.window().endMs())
                            .put("key", s.key())
                            .put("blocks", array(s.shipments(), WhyJson::of));
            case Step.Reported s -> reported(s, json);
            case Step.Relieved s ->
                    json.put("host", s.host()).put("spans", array(s.spans(), WhyJson::of));
            case Step.Linked s -> json.put("selector", cut(s.selector())).put("url", s.url());
            case Step.Searched s ->
                    json.put("discoveries", array(s.discoveries(), WhyJson::of))
                            .put("near", strings(s.near()));
            case Step.Probed s -> json.put("answer", of(s.result())).put("snippet", s.snippet());
            case Step.Sampled s ->
                    json.put("total", s.total()).put("series", array(s.series(), WhyJson::of));
            case Step.Exposed s ->
                    json.put("asked", s.asked())
                            .put("silent", s.silent())
                            .put("series", array(s.series(), WhyJson::of));
            case Step.Named s -> json.put("near", strings(s.near()));
        }
        return json;
    }

    private static void scraped(Step.Scraped step, JsonObject json) {
        json.put("outcome", of(step.outcome()))
                .put("format", step.fetch().format())
                .put("warning", cut(step.fetch().warning()));
        step.fetch().fault().ifPresent(fault -> json.put("fetchFault", fault.label()));
        step.fetch().http().ifPresent(http -> json.put("http", of(http)));
    }

    private static JsonObject of(HttpExchange http) {
        return new JsonObject()
                .put("status", http.status())
                .put("contentType", cut(http.contentType()))
                .put("contentEncoding", cut(http.contentEncoding()))
                .put("protocol", http.protocol())
                .put("wireBytes", http.wireBytes())
                .put("redirects", http.redirects())
                .put("url", cut(http.url()))
                .put("remoteAddress", http.remoteAddress())
                .put("connectMs", millis(http.connectNanos()))
                .put("firstByteMs", millis(http.firstByteNanos()))
                .put("totalMs", millis(http.totalNanos()));
    }

    private static JsonObject of(ScrapeOutcome outcome) {
        JsonObject json =
                new JsonObject()
                        .put("tickMs", outcome.tickMs())
                        .put("up", outcome.up())
                        .put("durationMs", millis(outcome.durationNanos()))
                        .put("bodyBytes", outcome.bodyBytes())
                        .put("samplesScraped", outcome.samplesScraped())
                        .put("samplesKept", outcome.samplesKept())
                        .put("samplesFolded", outcome.samplesFolded())
                        .put("seriesAdded", outcome.seriesAdded());
        if (!outcome.storeError().isEmpty()) {
            json.put("storeError", cut(outcome.storeError()));
        }
        outcome.fault()
                .ifPresent(fault ->
                        json.put("fault", fault.kind().name().toLowerCase(Locale.ROOT))
                                .put("message", cut(fault.message()))
                                .put("line", fault.line())
                                .put("column", fault.column())
                                .put("excerpt", fault.excerpt())
                                .put("hint", cut(fault.hint())));
        return json;
    }

    private static void accounted(Step.Accounted step, JsonObject json) {
        SeriesAccount account = step.account();
        json.put("tickMs", account.tickMs())
                .put("series", array(account.shares(), share -> of(share, step.rules())))
                .put("folded", array(account.folded(), WhyJson::of))
                .put("refused", array(account.faults(), WhyJson::of));
        account.formatChange()
                .ifPresent(change ->
                        json.put(
                                "formatChange",
                                new JsonObject()
                                        .put("from", change.from().name())
                                        .put("to", change.to().name())
                                        .put("lastMs", change.lastMs())
                                        .put("changes", change.changes())));
    }

    private static JsonObject of(SeriesShare share, List<RelabelRule> rules) {
        JsonObject json =
                new JsonObject()
                        .put("fate", share.fate().name().toLowerCase(Locale.ROOT))
                        .put("count", share.series())
                        .put(
                                "examples",
                                array(
                                        share.examples(),
                                        example ->
                                                new JsonObject()
                                                        .put("exposed", text(example.exposed()))
                                                        .put(
                                                                "stored",
                                                                example.stored()
                                                                        .map(WhyJson::text)
                                                                        .orElse(""))));
        if (share.rule() >= 0) {
            json.put("rule", share.rule());
            if (share.rule() < rules.size()) {
                json.put("place", rules.get(share.rule()).place());
            }
        }
        return json;
    }

    private static JsonObject of(FoldedMetric metric) {
        return new JsonObject()
                .put("metric", cut(metric.metric()))
                .put("series", metric.series())
                .put("sinceMs", metric.sinceMs())
                .put("lastMs", metric.lastMs())
                .put("label", cut(metric.culprit()))
                .put("labelValues", metric.culpritValues())
                .put("examples", strings(metric.examples().stream().map(WhyJson::text).toList()));
    }

    private static JsonObject of(SampleFaults faults) {
        return new JsonObject()
                .put("kind", faults.kind().text())
                .put("samples", faults.samples())
                .put("lastMs", faults.lastMs())
                .put(
                        "examples",
                        array(
                                faults.examples(),
                                example ->
                                        new JsonObject()
                                                .put("exposed", text(example.exposed()))
                                                .put("timestampMs", example.timestampMs())));
    }

    private static JsonObject of(Step.LimitUse limit) {
        JsonObject json = new JsonObject().put("name", limit.name()).put("limit", limit.limit());
        return limit.used() < 0 ? json : json.put("used", limit.used());
    }

    private static void stored(AgentFacts.HeadFacts head, JsonObject json) {
        json.put("walSegment", head.walSegment())
                .put("walOffsetBytes", head.walOffsetBytes())
                .put("walSequence", head.walSequence())
                .put("walSynced", head.walSynced())
                .put("walBytes", head.walBytes())
                .put("series", head.series());
        if (head.oldestMs() != Long.MAX_VALUE) {
            json.put("oldestMs", head.oldestMs());
        }
    }

    private static JsonObject of(Shipment shipment) {
        JsonObject json =
                new JsonObject()
                        .put("windowStartMs", shipment.window().startMs())
                        .put("windowEndMs", shipment.window().endMs())
                        .put("state", shipment.state().name().toLowerCase(Locale.ROOT))
                        .put("key", shipment.key());
        if (shipment.confirmedMs() > 0) {
            json.put("confirmedMs", shipment.confirmedMs());
        }
        if (shipment.samples() >= 0) {
            json.put("samples", shipment.samples()).put("sizeBytes", shipment.sizeBytes());
        }
        return json;
    }

    private static void reported(Step.Reported step, JsonObject json) {
        json.put("cell", step.cell())
                .put("upness", step.upness())
                .put("membersUp", step.membersUp())
                .put("members", step.members())
                .put("reported", step.reported());
        if (step.reported()) {
            json.put("up", step.up())
                    .put("reason", cut(step.reason()))
                    .put("sinceMs", step.sinceMs());
        }
    }

    private static JsonObject of(TakenSpans.Span span) {
        JsonObject json = new JsonObject().put("fromMs", span.fromMs());
        if (span.untilMs() != 0) {
            json.put("untilMs", span.untilMs());
        }
        return json.put("peers", new JsonArray(span.peers()));
    }

    private static JsonObject of(ProbeResult result) {
        return new JsonObject()
                .put("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
                .put("url", result.url())
                .put("status", result.status())
                .put("contentType", cut(result.contentType()))
                .put("format", result.format())
                .put("samples", result.samples())
                .put("bodyBytes", result.bodyBytes())
                .put("error", cut(result.error()))
                .put("hint", cut(result.hint()))
                .put("durationMs", millis(result.durationNanos()));
    }

    private static JsonObject of(Step.StoredSeries series) {
        return new JsonObject()
                .put("series", text(series.labels()))
                .put("lastMs", series.lastMs())
                .put("value", series.value())
                .put("stale", series.stale());
    }

    private static JsonObject of(Step.ExposedSeries series) {
        JsonObject json =
                new JsonObject()
                        .put("target", of(series.target()))
                        .put("fate", series.fate())
                        .put("count", series.count());
        if (!series.place().isEmpty()) {
            json.put("place", series.place());
        }
        series.example().ifPresent(trace -> json.put("example", of(trace)));
        series.stored().ifPresent(labels -> json.put("stored", text(labels)));
        return json;
    }

    private static JsonObject of(SeriesTrace trace) {
        return new JsonObject()
                .put("exposed", text(trace.exposed()))
                .put("merged", array(trace.merged(), WhyJson::of))
                .put("rules", of(trace.relabelling()));
    }

    private static JsonArray of(RelabelTrace trace) {
        return array(trace.steps(), WhyJson::of);
    }

    private static JsonObject of(RelabelStep step) {
        RelabelRule rule = step.rule();
        JsonObject json =
                new JsonObject()
                        .put("index", step.index())
                        .put("place", rule.place())
                        .put("action", rule.action().text())
                        .put("sourceLabels", strings(rule.sourceLabels()))
                        .put("regex", cut(rule.regex().text()))
                        .put("looked", cut(step.looked()))
                        .put("kept", step.kept())
                        .put("changes", array(step.changes(), WhyJson::of));
        return rule.targetLabel().isEmpty() ? json : json.put("targetLabel", rule.targetLabel());
    }

    private static JsonObject of(LabelChange change) {
        return new JsonObject()
                .put("name", cut(change.name()))
                .put("before", cut(change.before()))
                .put("after", cut(change.after()));
    }

    static JsonObject of(Labels labels) {
        JsonObject json = new JsonObject();
        labels.forEach((name, value) -> json.put(cut(name), cut(value)));
        return json;
    }

    private static String text(Labels labels) {
        return cut(labels.toString());
    }

    private static double millis(long nanos) {
        return nanos < 0 ? -1 : Math.round(nanos / 1e3) / 1e3;
    }

    private static JsonArray strings(Collection<String> texts) {
        JsonArray array = new JsonArray();
        texts.stream().limit(ITEMS).map(WhyJson::cut).forEach(array::add);
        return array;
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, JsonObject> of) {
        return array(items, of, ITEMS);
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, JsonObject> of, int limit) {
        JsonArray array = new JsonArray();
        items.stream().limit(limit).map(of).forEach(array::add);
        return array;
    }

    private static String cut(String text) {
        return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT) + "…";
    }
}
