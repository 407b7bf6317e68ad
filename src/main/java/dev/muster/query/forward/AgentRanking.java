package dev.muster.query.forward;

import dev.muster.model.labels.Xxh3;
import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentPlace;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Which agents samples of an origin go to: rendezvous hash over those that can be asked. Those
/// that have just failed come after all others. Thread-safe.
final class AgentRanking {
    private static final int SHUNNED_LIMIT = 10_000;

    private final AgentDirectory directory;
    private final LongSupplier nanoTime;
    private final Map<URI, Long> shunnedUntil = new ConcurrentHashMap<>();

    AgentRanking(AgentDirectory directory, LongSupplier nanoTime) {
        this.directory = directory;
        this.nanoTime = nanoTime;
    }

    private record Ranked(AgentPlace agent, boolean shunned, long score) {}

    /// The agents in the order in which they are to be asked.
    List<AgentPlace> of(String origin) {
        long now = nanoTime.getAsLong();
        List<Ranked> ranked = new ArrayList<>();
        for (AgentPlace agent : directory.agents()) {
            if (agent.absence().isEmpty()) {
                ranked.add(new Ranked(agent, isShunned(agent, now), score(origin, agent)));
            }
        }
        ranked.sort(
                Comparator.comparing(Ranked::shunned)
                        .thenComparing(
                                (one, other) -> Long.compareUnsigned(other.score, one.score)));
        return ranked.stream().map(Ranked::agent).toList();
    }

    private boolean isShunned(AgentPlace agent, long now) {
        Long until = shunnedUntil.get(agent.url());
        if (until != null && until - now <= 0) {
            shunnedUntil.remove(agent.url());
            return false;
        }
        return until != null;
    }

    /// The agent has failed: others go before it for a while.
    void shun(AgentPlace agent, long nanos) {
        if (shunnedUntil.size() < SHUNNED_LIMIT) {
            shunnedUntil.put(agent.url(), nanoTime.getAsLong() + nanos);
        }
    }

    /// How many come last for now.
    int shunned() {
        return shunnedUntil.size();
    }

    private static long score(String origin, AgentPlace agent) {
        byte[] key =
                (origin + '\0' + agent.cell() + '\0' + agent.host())
                        .getBytes(StandardCharsets.UTF_8);
        return Xxh3.hash(key, key.length);
    }
}
