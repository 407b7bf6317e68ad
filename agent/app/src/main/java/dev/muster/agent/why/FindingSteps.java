package dev.muster.agent.why;

import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.relabel.RelabelStep;
import dev.muster.agent.scrape.relabel.RelabelTrace;
import dev.muster.model.labels.Labels;

/// The steps from a discovery to a target.
final class FindingSteps {
    private FindingSteps() {}

    static Step.Discovered discovered(AgentFacts facts, ScrapeJob job, TargetResult result) {
        TargetOrigin origin = result.origin();
        DiscoveryState state = state(facts, job, origin);
        String found =
                "Found by the "
                        + origin.kind()
                        + " discovery of job "
                        + origin.job()
                        + " ("
                        + origin.place()
                        + ")"
                        + (origin.source().isEmpty()
                                ? ""
                                : ", source " + Words.cut(origin.source()))
                        + ".";
        boolean failing = !state.error().isEmpty();
        return new Step.Discovered(
                failing ? Mark.WAITING : Mark.GOOD,
                failing
                        ? found
                                + " This discovery fails now and keeps what it knew: "
                                + Words.cut(state.error())
                        : found,
                origin,
                state.updatedMs(),
                Words.cut(state.error()),
                result.discovered());
    }

    private static DiscoveryState state(AgentFacts facts, ScrapeJob job, TargetOrigin origin) {
        for (DiscoveryConfig config : job.discoveries()) {
            if (config.kind().equals(origin.kind()) && config.place().equals(origin.place())) {
                return facts.state(config);
            }
        }
        return DiscoveryState.NONE;
    }

    static Step.Relabelled relabelled(ScrapeJob job, Labels discovered) {
        RelabelTrace trace = RelabelTrace.of(job.relabel(), discovered);
        return new Step.Relabelled(
                trace.droppedBy().isPresent() ? Mark.BAD : Mark.GOOD, relabelText(trace), trace);
    }

    private static String relabelText(RelabelTrace trace) {
        if (trace.steps().isEmpty()) {
            return "The job has no relabel_configs.";
        }
        return trace.droppedBy()
                .map(step -> "Rule " + name(step) + " drops it: " + reason(step) + ".")
                .orElseGet(() -> {
                    long idle = trace.steps().stream().filter(RelabelStep::idle).count();
                    return Words.count(trace.steps().size(), "relabel rule", "relabel rules")
                            + " kept it; "
                            + (trace.steps().size() - idle)
                            + " changed labels.";
                });
    }

    /// Such as `3 (prometheus.yml:17)`: people count from 1.
    static String name(RelabelStep step) {
        String place = step.rule().place();
        return (step.index() + 1) + (place.isEmpty() ? "" : " (" + place + ")");
    }

    /// Why a rule drops, in words.
    static String reason(RelabelStep step) {
        String sources = String.join(step.rule().separator(), step.rule().sourceLabels());
        String looked = "\"" + Words.cut(step.looked()) + "\"";
        return switch (step.rule().action()) {
            case KEEP ->
                    sources
                            + " is "
                            + looked
                            + ", and it keeps only what matches "
                            + step.rule().regex();
            case DROP ->
                    sources
                            + " is "
                            + looked
                            + ", and it drops what matches "
                            + step.rule().regex();
            case KEEPEQUAL ->
                    sources
                            + " is "
                            + looked
                            + ", and it keeps only what equals label "
                            + step.rule().targetLabel();
            case DROPEQUAL ->
                    sources
                            + " is "
                            + looked
                            + ", and it drops what equals label "
                            + step.rule().targetLabel();
            case REPLACE, HASHMOD, LABELMAP, LABELDROP, LABELKEEP, LOWERCASE, UPPERCASE ->
                    "it leaves no labels";
        };
    }

    static Step.Targeted targeted(Target target) {
        return new Step.Targeted(
                Mark.GOOD,
                "It is the target "
                        + Words.cut(target.labels())
                        + " at "
                        + Words.cut(target.endpoint().url())
                        + ".",
                target.labels(),
                target.endpoint().url());
    }
}
