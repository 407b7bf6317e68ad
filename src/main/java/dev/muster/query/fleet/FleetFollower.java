package dev.muster.query.fleet;

import dev.muster.federation.follow.Followed;
import dev.muster.federation.follow.Follower;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Keeps the fleet's view current, on a thread of its own.
public final class FleetFollower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FleetFollower.class.getName());

    private final Follower follower;

    /// Did the last tick fail? Owned by the thread.
    private boolean failed;

    private final ScheduledExecutorService decider =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("fleet-follower").factory());

    public FleetFollower(Follower follower) {
        this.follower = follower;
    }

    /// Begins to follow; returns at once.
    public void start() {
        var _ =
                decider.scheduleWithFixedDelay(
                        this::tick, 0, Follower.TICK_MS, TimeUnit.MILLISECONDS);
    }

    /// The agents followed now, by URL.
    public List<Followed> followed() {
        return follower.followed();
    }

    @Override
    public void close() {
        decider.shutdownNow();
        follower.close();
    }

    private void tick() {
        try {
            follower.tick();
            failed = false;
        } catch (RuntimeException e) {
            if (!failed) {
                LOG.log(System.Logger.Level.ERROR, "fleet follower failed", e);
            }
            failed = true;
        }
    }
}
