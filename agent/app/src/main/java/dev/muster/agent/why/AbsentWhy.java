package dev.muster.agent.why;

import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.relabel.RelabelStep;
import dev.muster.agent.why.Candidates.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Explains an address that is not scraped.
final class AbsentWhy {
    private static final String LISTENER = "listener";
    private static final int NEAR = 8;

    private final AgentFacts facts;
    private final Probe probe;

    AbsentWhy(AgentFacts facts, Probe probe) {
        this.facts = facts;
        this.probe = probe;
    }

    /// An address that a discovery knows.
    Explanation known(Candidate candidate, List<TargetLine> others, Optional<Step.Probed> probed) {
        TargetResult result = candidate.result();
        List<Step> steps = new ArrayList<>();
        steps.add(FindingSteps.discovered(facts, candidate.job(), result));
        String address = Words.cut(Candidates.addressOf(result));
        switch (result) {
            case TargetResult.Dropped _ -> {
                Step.Relabelled relabelled =
                        FindingSteps.relabelled(candidate.job(), result.discovered());
                steps.add(relabelled);
                probed.ifPresent(steps::add);
                Optional<RelabelStep> by = relabelled.trace().droppedBy();
                return new Explanation(
                        Verdict.DROPPED_BY_RELABELLING,
                        address,
                        address
                                + " was found by job "
                                + result.job()
                                + ", and relabel rule "
                                + by.map(FindingSteps::name).orElse("of before")
                                + " drops it: "
                                + by.map(FindingSteps::reason)
                                        .orElse("the rules have changed since")
                                + ".",
                        "Change that rule of relabel_configs, or the labels it looks at, if the"
                                + " target is wanted.",
                        steps,
                        others);
            }
            case TargetResult.Refused(_, _, var reason) -> {
                return refused(candidate, address, reason, steps, others, probed);
            }
            case TargetResult.Active(var target) -> {
                steps.add(FindingSteps.relabelled(candidate.job(), result.discovered()));
                steps.add(FindingSteps.targeted(target));
                return overLimit(candidate, address, steps, others);
            }
        }
    }

    private Explanation refused(
            Candidate candidate,
            String address,
            String reason,
            List<Step> steps,
            List<TargetLine> others,
            Optional<Step.Probed> probed) {
        boolean listener = candidate.result().origin().kind().equals(LISTENER);
        probed.ifPresent(steps::add);
        if (reason.contains("policy refuses it")) {
            return new Explanation(
                    Verdict.POLICY_REFUSES,
                    address,
                    "The policy of local listeners leaves it alone: " + Words.cut(reason) + ".",
                    "Allow it in the policy of "
                            + candidate.result().origin().place()
                            + ", or name it in a job of its own.",
                    steps,
                    others);
        }
        if (listener) {
            return new Explanation(
                    Verdict.NO_METRICS_THERE,
                    address,
                    "It was found listening and asked, and it exposes no metrics: "
                            + Words.cut(reason)
                            + ".",
                    "Let it answer at the path that the discovery asks, or give it a job of its own"
                            + " with the right metrics_path.",
                    steps,
                    others);
        }
        steps.add(FindingSteps.relabelled(candidate.job(), candidate.result().discovered()));
        return new Explanation(
                Verdict.ADDRESS_REFUSED,
                address,
                address
                        + " was found by job "
                        + candidate.result().job()
                        + ", but it cannot be a target: "
                        + Words.cut(reason)
                        + ".",
                "Correct the address where it was found: "
                        + candidate.result().origin().place()
                        + ".",
                steps,
                others);
    }

    private Explanation overLimit(
            Candidate candidate, String address, List<Step> steps, List<TargetLine> others) {
        int limit = candidate.job().limits().targets();
        String job = candidate.job().name();
        String found =
                facts.found().refused().stream()
                        .filter(refused -> refused.job().equals(job))
                        .map(TargetResult.Refused::reason)
                        .filter(reason -> reason.contains("target_limit"))
                        .findFirst()
                        .orElse("target_limit=" + limit);
        return new Explanation(
                Verdict.OVER_TARGET_LIMIT,
                address,
                "Job "
                        + job
                        + " has more targets than it may, so that none of them is scraped: "
                        + Words.cut(found)
                        + ".",
                "Raise target_limit of job "
                        + job
                        + " ("
                        + candidate.job().place()
                        + "), or drop targets by relabel_configs.",
                steps,
                others);
    }

    /// An address that no discovery knows.
    ///
    /// @param host to ask; empty where there is none that may be asked
    /// @param asked may it be asked?
    Explanation unknown(String subject, String host, int port, boolean asked) {
        boolean local = LoopbackProbe.isLoopback(host) && port > 0;
        List<DiscoveryLine> discoveries = discoveries(facts);
        List<String> near = Nearness.nearest(subject, new Candidates(facts).names(), NEAR);
        List<Step> steps = new ArrayList<>();
        steps.add(
                new Step.Searched(
                        Mark.BAD,
                        "None of "
                                + Words.count(discoveries.size(), "discovery", "discoveries")
                                + " knows it."
                                + (near.isEmpty() ? "" : " Near: " + String.join(", ", near) + "."),
                        discoveries,
                        near));
        if (local && asked) {
            Step.Probed probed = probed(host, port);
            steps.add(probed);
            return ofProbe(subject, probed, steps);
        }
        Optional<DiscoveryLine> failing =
                discoveries.stream().filter(line -> !line.error().isEmpty()).findFirst();
        String next =
                local
                        ? "Ask again with probe=true, and the agent looks what answers there now."
                        : "Add it to a job of the scrape configuration, or check the name"
                                + (near.isEmpty() ? "" : ": did you mean " + near.getFirst() + "?")
                                + (near.isEmpty() ? "." : "");
        if (failing.isPresent()) {
            return new Explanation(
                    Verdict.DISCOVERY_FAILING,
                    subject,
                    "No discovery knows "
                            + subject
                            + ", and the "
                            + failing.get().kind()
                            + " discovery of job "
                            + failing.get().job()
                            + " fails: "
                            + Words.cut(failing.get().error())
                            + ".",
                    "Mend that discovery (" + failing.get().place() + ") first.",
                    steps,
                    List.of());
        }
        return new Explanation(
                Verdict.NOT_DISCOVERED,
                subject,
                "No job's discovery knows " + subject + "." + fileError(),
                next,
                steps,
                List.of());
    }

    private String fileError() {
        return facts.fileError().isEmpty()
                ? ""
                : " The configuration file was refused when it was last read, so that an older one"
                        + " is in force: "
                        + Words.cut(facts.fileError())
                        + ".";
    }

    Step.Probed probed(String host, int port) {
        ProbeResult result = probe.ask(host, port);
        String snippet =
                result.outcome() == ProbeResult.Outcome.METRICS ? Snippet.job(result.url()) : "";
        boolean good = result.outcome() == ProbeResult.Outcome.METRICS;
        return new Step.Probed(good ? Mark.GOOD : Mark.BAD, answer(result), result, snippet);
    }

    private static String answer(ProbeResult result) {
        return switch (result.outcome()) {
            case METRICS ->
                    result.url()
                            + " answers with "
                            + Words.count(result.samples(), "sample", "samples")
                            + " of "
                            + result.format()
                            + ".";
            case BROKEN_METRICS ->
                    result.url()
                            + " answers with metrics that break their format: "
                            + Words.cut(result.error())
                            + ".";
            case OTHER_CONTENT ->
                    result.url()
                            + " answers, but not with metrics: "
                            + Words.cut(result.error())
                            + ".";
            case STATUS -> result.url() + " answers " + result.error() + ".";
            case NOT_HTTP ->
                    result.url()
                            + ": something listens that does not speak HTTP: "
                            + Words.cut(result.error())
                            + ".";
            case REFUSED -> result.url() + ": connection refused.";
            case TIMED_OUT -> result.url() + ": " + result.error() + ".";
        };
    }

    private Explanation ofProbe(String subject, Step.Probed probed, List<Step> steps) {
        ProbeResult result = probed.result();
        return switch (result.outcome()) {
            case METRICS ->
                    explanation(
                            Verdict.ANSWERS_BUT_NOT_NAMED,
                            subject,
                            probed.text().replaceFirst("\\.$", "")
                                    + ", but no job names it."
                                    + fileError(),
                            "Add this to the scrape configuration:\n" + probed.snippet(),
                            steps);
            case BROKEN_METRICS ->
                    explanation(
                            Verdict.ANSWERS_BUT_NOT_NAMED,
                            subject,
                            probed.text() + " And no job names it." + fileError(),
                            result.hint().isEmpty()
                                    ? "Mend the exposition, then add a job for it."
                                    : "Mend the exposition: "
                                            + result.hint()
                                            + ". Then add a job for it.",
                            steps);
            case OTHER_CONTENT, STATUS, NOT_HTTP, TIMED_OUT ->
                    explanation(
                            Verdict.NO_METRICS_THERE,
                            subject,
                            probed.text() + " No job names it." + fileError(),
                            "Find out where the service exposes its metrics; the paths asked were "
                                    + String.join(", ", LoopbackProbe.PATHS)
                                    + ".",
                            steps);
            case REFUSED ->
                    explanation(
                            Verdict.NOBODY_LISTENS,
                            subject,
                            "Nobody listens at " + subject + ", and no job names it." + fileError(),
                            "Start the service, or check its port.",
                            steps);
        };
    }

    private static Explanation explanation(
            Verdict verdict, String subject, String sentence, String next, List<Step> steps) {
        return new Explanation(verdict, subject, sentence, next, steps, List.of());
    }

    /// All discoveries and what each of them has.
    static List<DiscoveryLine> discoveries(AgentFacts facts) {
        List<DiscoveryLine> lines = new ArrayList<>();
        TargetSet found = facts.found();
        for (var job : facts.jobs()) {
            for (var config : job.discoveries()) {
                var state = facts.state(config);
                long scraped =
                        found.active().values().stream()
                                .filter(target ->
                                        target.origin().job().equals(job.name())
                                                && target.origin().kind().equals(config.kind())
                                                && target.origin().place().equals(config.place()))
                                .count();
                lines.add(
                        new DiscoveryLine(
                                job.name(),
                                config.kind(),
                                config.place(),
                                state.groups().stream()
                                        .mapToInt(group -> group.targets().size())
                                        .sum(),
                                Math.toIntExact(scraped),
                                state.updatedMs(),
                                Words.cut(state.error())));
            }
        }
        return lines;
    }
}
