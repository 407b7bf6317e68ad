package dev.muster.agent.scrape.discovery;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The discoveries of all jobs. Equal settings are one discovery, whatever jobs they stand in, and
/// it goes on over reloads for as long as some job has them. One whose settings changed has the
/// targets of the one that it comes after, until it has been answered itself. Thread-safe.
public final class Discoveries implements AutoCloseable {
    private final DiscoveryContext context;
    private final Map<DiscoverySettings, Discovery> open = new LinkedHashMap<>();

    /// What stood in a job as its first, second, … discovery of a kind.
    private Map<String, DiscoverySettings> places = Map.of();

    /// What those knew that came before discoveries without an answer yet.
    private final Map<DiscoverySettings, DiscoveryState> inherited = new HashMap<>();

    private boolean closed;

    public Discoveries(DiscoveryContext context) {
        this.context = context;
    }

    /// Opens what is new among the jobs, closes what none of them has any more.
    public synchronized void serve(List<ScrapeJob> jobs) {
        if (closed) {
            return;
        }
        Map<String, DiscoverySettings> now = new HashMap<>();
        for (ScrapeJob job : jobs) {
            for (DiscoveryConfig config : job.discoveries()) {
                String place = place(now, job, config);
                now.put(place, config.settings());
                if (!open.containsKey(config.settings())) {
                    inherit(config.settings(), places.get(place));
                    open.put(config.settings(), config.settings().open(context));
                }
            }
        }
        places = now;
        closeOthers(new HashSet<>(now.values()));
    }

    private static String place(
            Map<String, DiscoverySettings> taken, ScrapeJob job, DiscoveryConfig config) {
        int number = 0;
        String place;
        do {
            place = job.name() + " " + config.kind() + " " + number++;
        } while (taken.containsKey(place));
        return place;
    }

    private void inherit(DiscoverySettings heir, @Nullable DiscoverySettings before) {
        DiscoveryState state = before == null ? DiscoveryState.NONE : state(before);
        if (!state.groups().isEmpty()) {
            inherited.put(heir, state);
        }
    }

    private void closeOthers(Set<DiscoverySettings> wanted) {
        open.entrySet()
                .removeIf(entry -> {
                    boolean gone = !wanted.contains(entry.getKey());
                    if (gone) {
                        entry.getValue().close();
                    }
                    return gone;
                });
        inherited.keySet().retainAll(wanted);
    }

    /// Lets each look at what is near.
    public synchronized void poll() {
        open.values().forEach(Discovery::poll);
    }

    /// What a discovery knows now; nothing if it is not open.
    public synchronized DiscoveryState state(DiscoveryConfig config) {
        return state(config.settings());
    }

    private DiscoveryState state(DiscoverySettings settings) {
        @Nullable Discovery discovery = open.get(settings);
        DiscoveryState state = discovery == null ? DiscoveryState.NONE : discovery.state();
        if (state.updatedMs() > 0) {
            inherited.remove(settings);
            return state;
        }
        @Nullable DiscoveryState before = inherited.get(settings);
        return before == null ? state : before.failed(state.error());
    }

    /// Writes what the open discoveries know and did.
    public synchronized void writeMetrics(ExpositionWriter out) {
        context.metrics().write(out, open.values());
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(Discovery::close);
        open.clear();
        inherited.clear();
    }
}
