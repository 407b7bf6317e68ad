package dev.muster.agent.why;

import dev.muster.agent.scrape.FetchReport;
import dev.muster.agent.scrape.ScrapeProgress;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesFate;
import dev.muster.agent.scrape.append.SeriesShare;
import dev.muster.agent.scrape.file.PrometheusDuration;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.relabel.RelabelRule;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// The steps from a target to its series.
final class ScrapingSteps {
    private ScrapingSteps() {}

    static Step.Scheduled scheduled(TargetStatus status, ScrapeProgress progress, long nowMs) {
        var timing = status.target().timing();
        return new Step.Scheduled(
                Mark.NEUTRAL,
                "It is scraped every "
                        + PrometheusDuration.format(timing.interval())
                        + " with a timeout of "
                        + PrometheusDuration.format(timing.timeout())
                        + "; the next scrape is "
                        + Words.ago(progress.nextTickMs() + progress.jitterMs(), nowMs)
                        + ".",
                timing,
                progress.nextTickMs(),
                progress.jitterMs());
    }

    static Step.Scraped scraped(TargetStatus status, ScrapeOutcome last, long nowMs) {
        StringBuilder text =
                new StringBuilder("The last scrape, ").append(Words.ago(last.tickMs(), nowMs));
        if (last.fault().isPresent()) {
            text.append(", failed after ")
                    .append(Words.millis(last.durationNanos()))
                    .append(": ")
                    .append(Words.cut(last.fault().get().message()))
                    .append('.');
        } else {
            text.append(", took ")
                    .append(Words.millis(last.durationNanos()))
                    .append(" and brought ")
                    .append(Words.count(last.samplesScraped(), "sample", "samples"))
                    .append(" in ")
                    .append(Words.bytes(last.bodyBytes()))
                    .append(
                            status.fetch().format().isEmpty()
                                    ? ""
                                    : " of " + status.fetch().format())
                    .append("; ")
                    .append(last.samplesKept())
                    .append(" were left after metric relabelling.");
        }
        if (!last.storeError().isEmpty()) {
            text.append(" They could not be stored: ")
                    .append(Words.cut(last.storeError()))
                    .append('.');
        }
        FetchReport fetch = status.fetch();
        if (!fetch.warning().isEmpty()) {
            text.append(' ').append(Words.cut(fetch.warning())).append('.');
        }
        boolean bad = !last.up() || !last.storeError().isEmpty();
        return new Step.Scraped(bad ? Mark.BAD : Mark.GOOD, text.toString(), last, fetch);
    }

    static Step.Remembered remembered(TargetStatus status, ScrapeProgress progress, long nowMs) {
        return new Step.Remembered(
                Mark.NEUTRAL,
                (status.up() ? "Up" : "Down")
                        + " since "
                        + Words.time(status.sinceMs())
                        + ", "
                        + Words.ago(status.sinceMs(), nowMs)
                        + ".",
                progress.recent(),
                progress.changes());
    }

    static Step.Accounted accounted(ScrapeJob job, SeriesAccount account) {
        StringJoiner text = new StringJoiner(", ", "Of its series ", ".");
        for (SeriesShare share : account.shares()) {
            text.add(share.series() + " " + fate(job, share));
        }
        account.folded()
                .forEach(folded ->
                        text.add(
                                "new ones of "
                                        + folded.metric()
                                        + " are folded into a count because the memory budget is"
                                        + " used up"
                                        + (folded.culprit().isEmpty()
                                                ? ""
                                                : " (label "
                                                        + folded.culprit()
                                                        + " has about "
                                                        + folded.culpritValues()
                                                        + " values)")));
        account.faults()
                .forEach(fault ->
                        text.add(
                                Words.count(fault.samples(), "sample was", "samples were")
                                        + " refused as "
                                        + fault.kind().text()));
        account.formatChange()
                .ifPresent(change ->
                        text.add("and it changed its format " + change.changes() + " times"));
        boolean lossy =
                account.series(SeriesFate.FOLDED) > 0
                        || account.series(SeriesFate.OVER_SERIES_LIMIT) > 0
                        || !account.folded().isEmpty();
        String said =
                account.shares().isEmpty()
                                && account.folded().isEmpty()
                                && account.faults().isEmpty()
                                && account.formatChange().isEmpty()
                        ? "No series of it are remembered."
                        : text.toString();
        return new Step.Accounted(
                lossy ? Mark.BAD : Mark.GOOD, said, account, job.rules().metricRelabel());
    }

    private static String fate(ScrapeJob job, SeriesShare share) {
        return switch (share.fate()) {
            case KEPT -> "are stored";
            case DROPPED -> "are dropped by metric relabel rule " + rule(job, share.rule());
            case OVER_SERIES_LIMIT -> "are refused by the series limit of the head";
            case FOLDED -> "are folded into a count by the memory budget";
            case VANISHED -> "were exposed earlier and are not any more";
        };
    }

    /// Such as `2 (prometheus.yml:17)`.
    static String rule(ScrapeJob job, int index) {
        String place = place(job.rules().metricRelabel(), index);
        return (index + 1) + (place.isEmpty() ? "" : " (" + place + ")");
    }

    static String place(List<RelabelRule> rules, int index) {
        return index >= 0 && index < rules.size() ? rules.get(index).place() : "";
    }

    static Step.Limited limited(
            ScrapeJob job,
            ScrapeOutcome last,
            TargetStatus status,
            AgentFacts facts,
            int jobTargets) {
        ScrapeLimits limits = job.limits();
        List<Step.LimitUse> uses = new ArrayList<>();
        add(
                uses,
                "scrape_timeout (ms)",
                last.durationNanos() / 1_000_000,
                status.target().timing().timeoutMs());
        add(uses, "body_size_limit", last.bodyBytes(), limits.bodySizeBytes());
        add(uses, "sample_limit", last.samplesKept(), limits.samples());
        add(uses, "label_limit", -1, limits.labels());
        add(uses, "label_name_length_limit", -1, limits.labelNameLength());
        add(uses, "label_value_length_limit", -1, limits.labelValueLength());
        add(uses, "target_limit", jobTargets, limits.targets());
        AgentFacts.HeadFacts head = facts.head();
        add(uses, "muster.head.series-limit", head.series(), head.seriesLimit());
        facts.budgets().forEach(budget -> add(uses, budget.name(), budget.used(), budget.limit()));
        List<String> close =
                uses.stream().filter(Step.LimitUse::near).map(Step.LimitUse::name).toList();
        boolean passed = uses.stream().anyMatch(Step.LimitUse::passed);
        String text =
                uses.isEmpty()
                        ? "No limits are set."
                        : close.isEmpty()
                                ? "No limit is near."
                                : "Near or passed: " + String.join(", ", close) + ".";
        return new Step.Limited(
                passed ? Mark.BAD : close.isEmpty() ? Mark.GOOD : Mark.WAITING, text, uses);
    }

    private static void add(List<Step.LimitUse> uses, String name, long used, long limit) {
        if (limit > 0) {
            uses.add(new Step.LimitUse(name, used, limit));
        }
    }
}
