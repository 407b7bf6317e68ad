package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The discoveries of all jobs. Equal settings are one discovery, whatever jobs they stand in, and
/// it goes on over reloads for as long as some job has them. Thread-safe.
public final class Discoveries implements AutoCloseable {
    private final DiscoveryContext context;
    private final Map<DiscoverySettings, Discovery> open = new LinkedHashMap<>();
    private boolean closed;

    public Discoveries(DiscoveryContext context) {
        this.context = context;
    }

    /// Opens what is new among the jobs, closes what none of them has any more.
    public synchronized void serve(List<ScrapeJob> jobs) {
        if (closed) {
            return;
        }
        Set<DiscoverySettings> wanted = new HashSet<>();
        for (ScrapeJob job : jobs) {
            for (DiscoveryConfig config : job.discoveries()) {
                wanted.add(config.settings());
                open.computeIfAbsent(config.settings(), settings -> settings.open(context));
            }
        }
        open.entrySet()
                .removeIf(entry -> {
                    boolean gone = !wanted.contains(entry.getKey());
                    if (gone) {
                        entry.getValue().close();
                    }
                    return gone;
                });
    }

    /// Lets each look at what is near.
    public synchronized void poll() {
        open.values().forEach(Discovery::poll);
    }

    /// What a discovery knows now; nothing if it is not open.
    public synchronized DiscoveryState state(DiscoveryConfig config) {
        @Nullable Discovery discovery = open.get(config.settings());
        return discovery == null ? DiscoveryState.NONE : discovery.state();
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(Discovery::close);
        open.clear();
    }
}
