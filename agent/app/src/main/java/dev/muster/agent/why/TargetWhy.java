package dev.muster.agent.why;

import dev.muster.agent.scrape.ScrapeProgress;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.scrape.job.ScrapeJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Explains a target that is scraped.
final class TargetWhy {
    private final AgentFacts facts;

    TargetWhy(AgentFacts facts) {
        this.facts = facts;
    }

    /// @param target as the configuration has it now
    Explanation explain(Target target, TargetStatus status, List<TargetLine> others) {
        ScrapeJob job = target.job();
        long nowMs = facts.nowMs();
        Optional<ScrapeProgress> progress = facts.progress(target.key());
        Optional<SeriesAccount> account = facts.account(target.key(), AccountQuestion.ALL);
        Verdict verdict = Verdicts.of(status, account, nowMs);
        List<Step> steps = new ArrayList<>();
        steps.add(FindingSteps.discovered(facts, job, new TargetResult.Active(target)));
        steps.add(FindingSteps.relabelled(job, target.discovered()));
        steps.add(FindingSteps.targeted(target));
        progress.ifPresent(p -> steps.add(ScrapingSteps.scheduled(status, p, nowMs)));
        status.last()
                .ifPresent(last -> {
                    steps.add(ScrapingSteps.scraped(status, last, nowMs));
                    progress.ifPresent(p -> steps.add(ScrapingSteps.remembered(status, p, nowMs)));
                    account.ifPresent(a -> steps.add(ScrapingSteps.accounted(job, a)));
                    steps.add(ScrapingSteps.limited(job, last, status, facts, targetsOf(job)));
                });
        steps.add(StoringSteps.stored(facts));
        steps.add(StoringSteps.shipped(facts));
        steps.add(StoringSteps.reported(facts, target));
        new TakenWhy(facts)
                .away(target.labels().valueOf("job"), target.instance())
                .ifPresent(steps::add);
        steps.add(StoringSteps.linked(facts, StoringSteps.selector(facts, target)));
        Advice advice = new Advice(target, status, account, nowMs);
        return new Explanation(
                verdict,
                target.endpoint().url(),
                advice.sentence(verdict),
                advice.next(verdict),
                steps,
                others);
    }

    private int targetsOf(ScrapeJob job) {
        return Math.toIntExact(
                facts.found().active().values().stream()
                        .filter(target -> target.job().name().equals(job.name()))
                        .count());
    }

    /// The target in one line.
    static TargetLine line(TargetStatus status, Target target, long nowMs) {
        return new TargetLine(
                Verdicts.of(status, Optional.empty(), nowMs),
                target.origin(),
                target.labels(),
                target.endpoint().url(),
                Words.cut(status.error()),
                status.sinceMs(),
                status.series());
    }

    /// How long ago the last scrape was, for sentences.
    static String last(TargetStatus status, long nowMs) {
        return status.last()
                .map(ScrapeOutcome::tickMs)
                .map(ms -> Words.ago(ms, nowMs))
                .orElse("never");
    }
}
