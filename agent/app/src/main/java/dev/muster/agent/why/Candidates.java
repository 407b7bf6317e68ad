package dev.muster.agent.why;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.discovery.TargetRelabelling;
import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.RefusedAddress;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/// Addresses that discoveries know and that a question may mean: relabelled anew when somebody
/// asks, so that a dropped one is found however many others were dropped.
final class Candidates {
    /// How well an address fits: smaller is better.
    static final int EXACT = 0;

    static final int PART = 1;
    static final int NOT = 2;

    /// Most candidates that are kept.
    private static final int LIMIT = 200;

    /// An address and what became of it.
    ///
    /// @param job its job
    /// @param result what relabelling made of it
    /// @param fit how well it fits the question
    record Candidate(ScrapeJob job, TargetResult result, int fit) {}

    private final AgentFacts facts;

    Candidates(AgentFacts facts) {
        this.facts = facts;
    }

    /// Those that fit a text best: all exact ones, or else all of which it is a part.
    List<Candidate> of(String text, String job) {
        return best(job, result -> fit(result, text));
    }

    /// Those on a port, of whatever host.
    List<Candidate> on(int port) {
        return best("", result -> portOf(result) == port ? EXACT : NOT);
    }

    /// Names by which the known addresses could have been asked for.
    List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        each(
                "",
                (_, result) -> {
                    if (names.size() < 10_000) {
                        names.add(addressOf(result));
                        if (result instanceof TargetResult.Active(var target)) {
                            names.add(target.instance());
                        }
                        names.add(result.job());
                    }
                });
        names.remove("");
        return List.copyOf(names);
    }

    private List<Candidate> best(String job, ToIntFunction<TargetResult> fit) {
        List<Candidate> exact = new ArrayList<>();
        List<Candidate> parts = new ArrayList<>();
        each(
                job,
                (of, result) -> {
                    int how = fit.applyAsInt(result);
                    List<Candidate> into = how == EXACT ? exact : parts;
                    if (how != NOT && into.size() < LIMIT) {
                        into.add(new Candidate(of, result, how));
                    }
                });
        return exact.isEmpty() ? parts : exact;
    }

    private interface Visitor {
        void visit(ScrapeJob job, TargetResult result);
    }

    private void each(String onlyJob, Visitor visitor) {
        for (ScrapeJob job : facts.jobs()) {
            if (!onlyJob.isEmpty() && !onlyJob.equals(job.name())) {
                continue;
            }
            for (DiscoveryConfig config : job.discoveries()) {
                DiscoveryState state = facts.state(config);
                for (RefusedAddress refused : state.refused()) {
                    visitor.visit(
                            job,
                            new TargetResult.Refused(
                                    origin(job, config, refused.source()),
                                    refused.labels(),
                                    refused.reason()));
                }
                for (TargetGroup group : state.groups()) {
                    TargetOrigin origin = origin(job, config, group.source());
                    for (Labels labels : group.targets()) {
                        visitor.visit(job, TargetRelabelling.relabel(job, origin, group, labels));
                    }
                }
            }
        }
    }

    private static TargetOrigin origin(ScrapeJob job, DiscoveryConfig config, String source) {
        return new TargetOrigin(job.name(), config.kind(), config.place(), source);
    }

    static String addressOf(TargetResult result) {
        return result.discovered().valueOf(TargetGroup.ADDRESS);
    }

    private static int portOf(TargetResult result) {
        if (result instanceof TargetResult.Active(var target)) {
            return target.endpoint() instanceof Endpoint.Http http ? http.port() : -1;
        }
        String address = addressOf(result);
        int colon = address.lastIndexOf(':');
        try {
            return colon < 0 ? -1 : Integer.parseInt(address, colon + 1, address.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static int fit(TargetResult result, String text) {
        if (text.equals(result.job()) || isValue(result.discovered(), text)) {
            return EXACT;
        }
        if (result instanceof TargetResult.Active(var target)) {
            if (isValue(target.labels(), text) || isEndpoint(target, text)) {
                return EXACT;
            }
            if (target.endpoint().url().contains(text) || isPart(target.labels(), text)) {
                return PART;
            }
        }
        return isPart(result.discovered(), text) ? PART : NOT;
    }

    private static boolean isEndpoint(Target target, String text) {
        if (text.equals(target.key()) || text.equals(target.endpoint().url())) {
            return true;
        }
        return target.endpoint() instanceof Endpoint.Http http
                && text.equals(
                        (http.host().indexOf(':') < 0 ? http.host() : "[" + http.host() + "]")
                                + ":"
                                + http.port());
    }

    private static boolean isValue(Labels labels, String text) {
        for (int i = 0; i < labels.size(); i++) {
            if (isIdentity(labels.name(i)) && labels.value(i).equals(text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPart(Labels labels, String text) {
        if (text.length() < 2) {
            return false;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (isIdentity(labels.name(i)) && labels.value(i).contains(text)) {
                return true;
            }
        }
        return false;
    }

    /// Does the label tell what the target is, rather than how it is scraped?
    private static boolean isIdentity(String name) {
        return !name.startsWith("__")
                || name.equals(TargetGroup.ADDRESS)
                || name.startsWith("__meta_");
    }
}
