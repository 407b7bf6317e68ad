package dev.muster.agent.why;

import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.why.Candidates.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers why a target or a series is there or not. Everything is worked out when somebody asks.
/// Thread-safe.
public final class Why {
    private static final int OTHERS = 20;

    private final AgentFacts facts;
    private final Probe probe;

    public Why(AgentFacts facts, Probe probe) {
        this.facts = facts;
        this.probe = probe;
    }

    /// All targets at a glance.
    public Overview overview() {
        long nowMs = facts.nowMs();
        List<TargetLine> lines = new ArrayList<>();
        Map<String, Target> active = facts.found().active();
        for (TargetStatus status : facts.targets()) {
            lines.add(TargetWhy.line(status, current(active, status), nowMs));
        }
        facts.found().dropped().forEach(dropped -> lines.add(line(dropped)));
        facts.found().refused().forEach(refused -> lines.add(line(refused)));
        lines.sort(Comparator.comparing(line -> line.verdict().mark(), Comparator.reverseOrder()));
        int shown = Math.min(lines.size(), Overview.TARGETS_LIMIT);
        return new Overview(
                lines.subList(0, shown),
                lines.size() - shown,
                AbsentWhy.discoveries(facts),
                problems());
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!facts.fileError().isEmpty()) {
            problems.add(
                    "The configuration file was refused and an older one is in force: "
                            + Words.cut(facts.fileError()));
        }
        if (!facts.shipping().error().isEmpty()) {
            problems.add("Blocks are not shipped: " + Words.cut(facts.shipping().error()));
        }
        facts.budgets().stream()
                .filter(budget -> budget.used() >= budget.limit())
                .forEach(budget -> problems.add("The budget " + budget.name() + " is used up."));
        TakenWhy taken = new TakenWhy(facts);
        facts.taken().forEach(peer -> problems.add(taken.text(peer)));
        if (facts.cellView().degraded()) {
            problems.add("The cell's bus is degraded: peers are seen by probing only.");
        }
        return problems;
    }

    private static Target current(Map<String, Target> active, TargetStatus status) {
        return active.getOrDefault(status.target().key(), status.target());
    }

    /// Answers a question about one thing.
    ///
    /// @throws IllegalArgumentException for [Question.OfAll]: that is the [#overview()]
    public Explanation explain(Question question) {
        return switch (question) {
            case Question.OfAll _ ->
                    throw new IllegalArgumentException("question must be about one thing");
            case Question.OfSeries(var selector) -> new SeriesWhy(facts, selector).explain();
            case Question.OfPort(var port, var asked) -> ofPort(port, asked);
            case Question.OfTarget(var text, var job, var asked) ->
                    of(text, new Candidates(facts).of(text, job), HostPort.of(text), asked);
        };
    }

    private Explanation ofPort(int port, boolean asked) {
        List<Candidate> all = new Candidates(facts).on(port);
        List<Candidate> local = all.stream().filter(this::isLocal).toList();
        return of(
                "127.0.0.1:" + port,
                local.isEmpty() ? all : local,
                new HostPort("127.0.0.1", port),
                asked);
    }

    private boolean isLocal(Candidate candidate) {
        if (candidate.result() instanceof TargetResult.Active(var target)) {
            return target.endpoint() instanceof Endpoint.Http http
                    && (LoopbackProbe.isLoopback(http.host()) || http.host().equals(facts.host()));
        }
        return LoopbackProbe.isLoopback(
                HostPort.of(Candidates.addressOf(candidate.result())).host());
    }

    private Explanation of(
            String subject, List<Candidate> candidates, HostPort address, boolean asked) {
        AbsentWhy absent = new AbsentWhy(facts, probe);
        Map<String, TargetStatus> statuses = new HashMap<>();
        facts.targets().forEach(status -> statuses.put(status.target().key(), status));
        List<Candidate> scraped = candidates.stream().filter(c -> isScraped(c, statuses)).toList();
        if (scraped.size() > 1) {
            return several(subject, candidates, statuses);
        }
        List<Candidate> chosen = scraped.isEmpty() ? candidates : scraped;
        if (chosen.isEmpty()) {
            Optional<Explanation> taken = new TakenWhy(facts).explain(subject);
            if (taken.isPresent()) {
                return taken.get();
            }
            return absent.unknown(Words.cut(subject), address.host(), address.port(), asked);
        }
        Candidate candidate = chosen.getFirst();
        List<TargetLine> others = others(candidates, candidate, statuses);
        if (candidate.result() instanceof TargetResult.Active(var target)) {
            @Nullable TargetStatus status = statuses.get(target.key());
            if (status != null) {
                return new TargetWhy(facts).explain(target, status, others);
            }
        }
        boolean local = LoopbackProbe.isLoopback(address.host()) && address.port() > 0;
        return absent.known(
                candidate,
                others,
                asked && local
                        ? Optional.of(absent.probed(address.host(), address.port()))
                        : Optional.empty());
    }

    private static boolean isScraped(Candidate candidate, Map<String, TargetStatus> statuses) {
        return candidate.result() instanceof TargetResult.Active(var target)
                && statuses.containsKey(target.key());
    }

    private Explanation several(
            String subject, List<Candidate> candidates, Map<String, TargetStatus> statuses) {
        List<TargetLine> lines = others(candidates, null, statuses);
        long bad = lines.stream().filter(line -> line.verdict().mark() == Mark.BAD).count();
        return new Explanation(
                Verdict.SEVERAL_TARGETS,
                Words.cut(subject),
                candidates.size()
                        + " addresses fit "
                        + Words.cut(subject)
                        + "; of those listed, "
                        + Words.count(bad, "has a problem.", "have a problem."),
                "Choose one of them.",
                List.of(),
                lines);
    }

    private List<TargetLine> others(
            List<Candidate> candidates,
            @Nullable Candidate chosen,
            Map<String, TargetStatus> statuses) {
        List<TargetLine> lines = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (!candidate.equals(chosen) && lines.size() < OTHERS) {
                lines.add(line(candidate, statuses));
            }
        }
        return lines;
    }

    private TargetLine line(Candidate candidate, Map<String, TargetStatus> statuses) {
        return switch (candidate.result()) {
            case TargetResult.Dropped dropped -> line(dropped);
            case TargetResult.Refused refused -> line(refused);
            case TargetResult.Active(var target) -> {
                @Nullable TargetStatus status = statuses.get(target.key());
                yield status == null
                        ? new TargetLine(
                                Verdict.OVER_TARGET_LIMIT,
                                target.origin(),
                                target.labels(),
                                target.endpoint().url(),
                                "",
                                0,
                                0)
                        : TargetWhy.line(status, target, facts.nowMs());
            }
        };
    }

    private static TargetLine line(TargetResult.Dropped dropped) {
        return new TargetLine(
                Verdict.DROPPED_BY_RELABELLING,
                dropped.origin(),
                dropped.discovered(),
                Candidates.addressOf(dropped),
                "relabel rule "
                        + (dropped.rule() + 1)
                        + (dropped.rulePlace().isEmpty() ? "" : " (" + dropped.rulePlace() + ")"),
                0,
                0);
    }

    private static TargetLine line(TargetResult.Refused refused) {
        Verdict verdict =
                refused.reason().contains("policy refuses it")
                        ? Verdict.POLICY_REFUSES
                        : refused.reason().contains("target_limit")
                                ? Verdict.OVER_TARGET_LIMIT
                                : Verdict.ADDRESS_REFUSED;
        return new TargetLine(
                verdict,
                refused.origin(),
                refused.discovered(),
                Candidates.addressOf(refused),
                Words.cut(refused.reason()),
                0,
                0);
    }
}
