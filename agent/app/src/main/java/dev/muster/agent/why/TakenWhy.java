package dev.muster.agent.why;

import dev.muster.agent.takeover.TakenView;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Explains who looks after services in place of their agent: what this agent does for lost peers,
/// and what peers did for this one.
final class TakenWhy {
    private static final int SPANS = 10;

    private final AgentFacts facts;

    TakenWhy(AgentFacts facts) {
        this.facts = facts;
    }

    private record Found(TakenView peer, ServiceState service) {}

    /// The first service of a lost peer whose instance or job that is, or holds it as a part.
    Optional<Explanation> explain(String text) {
        Optional<Found> found = find(text, true);
        return (found.isPresent() ? found : find(text, false)).map(this::explain);
    }

    private Optional<Found> find(String text, boolean whole) {
        for (TakenView peer : facts.taken()) {
            for (ServiceState service : peer.services()) {
                boolean fits =
                        whole
                                ? service.instance().equals(text) || service.job().equals(text)
                                : text.length() > 1 && service.instance().contains(text);
                if (fits) {
                    return Optional.of(new Found(peer, service));
                }
            }
        }
        return Optional.empty();
    }

    private Explanation explain(Found found) {
        ServiceState service = found.service();
        String host = found.peer().host();
        String sentence =
                Words.cut(service.instance())
                        + " of job "
                        + Words.cut(service.job())
                        + " is a target of host "
                        + host
                        + ", whose agent is away; this agent looks after it, and it is "
                        + service.health().label()
                        + (service.reason().isEmpty()
                                ? "."
                                : ": " + Words.cut(service.reason()) + ".");
        boolean up = service.health() == Health.UP;
        Mark mark = up ? Mark.GOOD : Mark.BAD;
        TakenSpans.Span span =
                new TakenSpans.Span(found.peer().sinceMs(), 0, List.of(facts.host()));
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Relieved(mark, text(found.peer()), host, List.of(span)));
        steps.add(
                StoringSteps.linked(
                        facts,
                        StoringSteps.selector(facts, host, service.job(), service.instance())));
        return new Explanation(
                up ? Verdict.TAKEN_OVER : Verdict.TAKEN_OVER_NOT_UP,
                Words.cut(service.instance()),
                sentence,
                "Look after the agent of host "
                        + host
                        + ": the service is given back when it is heard.",
                steps,
                List.of());
    }

    /// What is done for a lost peer, in words.
    String text(TakenView peer) {
        long up = peer.services().stream().filter(ServiceState::up).count();
        long down = peer.services().stream().filter(s -> s.health() == Health.DOWN).count();
        return "The agent of host "
                + peer.host()
                + " is away, and this one looks after its services since "
                + Words.time(peer.sinceMs())
                + ", "
                + Words.ago(peer.sinceMs(), facts.nowMs())
                + ": "
                + up
                + " up, "
                + down
                + " down, "
                + (peer.services().size() - up - down)
                + " unknown; its host "
                + switch (peer.probe()) {
                    case ALIVE -> "answers.";
                    case CONNECTED -> "takes connections.";
                    case REFUSED -> "refuses connections.";
                    case SILENT -> "is silent.";
                }
                + (peer.omitted() == 0
                        ? ""
                        : " It had " + peer.omitted() + " more, which no peer knows.");
    }

    /// What peers did for a target of this agent; empty if that was never needed of late.
    Optional<Step> away(String job, String instance) {
        List<TakenSpans.Span> all = facts.away(job, instance);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<TakenSpans.Span> spans = all.subList(Math.max(0, all.size() - SPANS), all.size());
        TakenSpans.Span last = spans.getLast();
        String until = last.untilMs() == 0 ? "" : " until " + Words.time(last.untilMs());
        return Optional.of(
                new Step.Relieved(
                        Mark.NEUTRAL,
                        "While this agent was away, from "
                                + Words.time(last.fromMs())
                                + until
                                + ", it was looked after by "
                                + (last.peers().isEmpty()
                                        ? "a peer"
                                        : String.join(", ", last.peers()))
                                + "; their samples are part of its series.",
                        facts.host(),
                        spans));
    }
}
