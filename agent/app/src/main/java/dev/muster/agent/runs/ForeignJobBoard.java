package dev.muster.agent.runs;

import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.HostSource;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// The jobs of a lost agent, watched in its place: as it knew them last, and overdue once their
/// time is over. Nobody can tell this agent of their runs, so while their host lives, they may well
/// run: what falls due then is not called overdue. Thread-safe.
public final class ForeignJobBoard {
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final BooleanSupplier hostLives;
    private final List<JobWatch> jobs;

    /// @param known the jobs as their agent told of them last
    /// @param hostLives does their host live, as far as is known? Then only its agent is lost
    public ForeignJobBoard(
            List<JobView> known,
            InstantSource clock,
            LongSupplier nanoTime,
            BooleanSupplier hostLives) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.hostLives = hostLives;
        jobs = known.stream().map(JobState::of).map(JobWatch::new).toList();
    }

    /// The jobs as they are now.
    public synchronized List<JobView> jobs() {
        long nowMs = clock.millis();
        long nowNanos = nanoTime.getAsLong();
        boolean unheard = hostLives.getAsBoolean();
        for (JobWatch job : jobs) {
            if (unheard) {
                job.passUnheard(nowMs, nowNanos);
            } else {
                job.look(nowMs, nowNanos);
            }
        }
        return jobs.stream().map(JobWatch::view).toList();
    }

    /// The same series as their own agent tells.
    public BodySource source() {
        return new HostSource(
                out -> RunSeries.write(jobs(), out), task -> Thread.ofVirtual().start(task));
    }
}
