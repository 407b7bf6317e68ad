package dev.muster.query.fleet;

import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetView;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Keeps a [FleetView] current: follows some agents of every cell, learns of others from their
/// views, and changes over when one is lost. Streams run on virtual threads; one thread of its own
/// decides.
public final class FleetFollower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FleetFollower.class.getName());
    private static final long TICK_MS = 200;

    private final FollowerConfig config;
    private final Choice choice;
    private final FleetView fleet;
    private final HttpClient http;
    private final RandomGenerator random;
    private final FollowerMetrics metrics;
    private final Map<URI, Follow> follows = new ConcurrentHashMap<>();
    private final Map<URI, String> seedCells = new ConcurrentHashMap<>();

    /// Agents that failed while they were followed, and until when others go before them.
    private final Map<URI, Long> pausedUntilNanos = new ConcurrentHashMap<>();

    /// Did the last tick fail? Owned by the thread.
    private boolean failed;

    private final ScheduledExecutorService decider =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("fleet-follower").factory());

    public FleetFollower(
            FollowerConfig config,
            FleetView fleet,
            HttpClient http,
            RandomGenerator random,
            FollowerMetrics metrics) {
        this.config = config;
        this.choice = new Choice(config);
        this.fleet = fleet;
        this.http = http;
        this.random = random;
        this.metrics = metrics;
    }

    /// Begins to follow; returns at once.
    public void start() {
        var _ = decider.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /// The agents followed now, by URL.
    public List<Followed> followed() {
        return follows.values().stream()
                .map(Follow::state)
                .sorted(Comparator.comparing(state -> state.url().toString()))
                .toList();
    }

    @Override
    public void close() {
        decider.shutdownNow();
        follows.values().forEach(Follow::close);
        follows.clear();
    }

    private void tick() {
        try {
            fleet.refresh();
            long nowNanos = System.nanoTime();
            for (Map.Entry<URI, Follow> follow : follows.entrySet()) {
                follow.getValue().watch(nowNanos);
                if (follow.getValue().failing()) {
                    pausedUntilNanos.put(
                            follow.getKey(), nowNanos + 2 * config.backOffMax().toNanos());
                }
            }
            pausedUntilNanos.values().removeIf(until -> until - nowNanos < 0);
            decide(choice.wanted(fleet.state(), seedCells, pausedUntilNanos::containsKey));
            failed = false;
        } catch (RuntimeException e) {
            if (!failed) {
                LOG.log(System.Logger.Level.ERROR, "fleet follower failed", e);
            }
            failed = true;
        }
    }

    private void decide(Set<URI> wanted) {
        follows.entrySet()
                .removeIf(follow -> {
                    if (wanted.contains(follow.getKey())) {
                        return false;
                    }
                    follow.getValue().close();
                    return true;
                });
        for (URI agent : wanted) {
            if (!follows.containsKey(agent)) {
                Follow follow = new Follow(agent, config, http, this::heard, random, metrics);
                follows.put(agent, follow);
                follow.start();
            }
        }
    }

    private void heard(URI agent, CellView view) {
        if (config.seeds().contains(agent)) {
            seedCells.put(agent, view.cell());
        }
        if (!fleet.accept(view)) {
            metrics.refused();
        }
    }
}
