package dev.muster.agent;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.push.PushPlan;
import dev.muster.agent.push.PushStore;
import dev.muster.agent.push.PushedTargets;
import dev.muster.agent.push.Pushgateway;
import dev.muster.agent.runs.HostStart;
import dev.muster.agent.runs.JobBoard;
import dev.muster.agent.runs.RunCalls;
import dev.muster.agent.runs.RunMeters;
import dev.muster.agent.runs.RunStore;
import dev.muster.agent.runs.RunTargets;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.ScrapeJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// What others leave with an agent as parts of it: pushed groups and the runs of jobs, and the jobs
/// that make targets of both.
final class KeptWiring {
    private final PushPlan plan;
    private final PushStore groups;
    private final RunStore runs;
    private final PushedTargets pushed;
    private final RunTargets told;
    private final RunCalls calls;
    private final Pushgateway gateway;

    /// Reads back what was left before.
    ///
    /// @throws IOException if a log cannot be read
    KeptWiring(PushPlan plan, String host, InstantSource clock) throws IOException {
        this.plan = plan;
        groups = new PushStore(plan.directory(), plan.limits(), clock);
        runs =
                new RunStore(
                        plan.runsDirectory(),
                        clock,
                        System::nanoTime,
                        HostStart.readMs(Path.of("/proc/stat")));
        pushed = new PushedTargets(groups);
        told = new RunTargets(runs, host);
        calls = new RunCalls(runs, host, clock);
        gateway = new Pushgateway(groups);
    }

    PushPlan plan() {
        return plan;
    }

    PushStore groups() {
        return groups;
    }

    Pushgateway gateway() {
        return gateway;
    }

    RunCalls runs() {
        return calls;
    }

    /// The jobs that announced themselves.
    JobBoard board() {
        return runs;
    }

    /// The body of a target.
    BodySource source(String path) {
        return path.startsWith(RunTargets.PATH) ? told.source(path) : pushed.source(path);
    }

    List<ScrapeJob> jobs(ScrapeDefaults defaults) {
        return List.of(
                ScrapeJob.ofKept(
                        PushedTargets.JOB,
                        "/metrics",
                        pushed,
                        defaults.timing(),
                        defaults.limits()),
                ScrapeJob.ofKept(
                        RunTargets.JOB,
                        RunTargets.PATH,
                        told,
                        defaults.timing(),
                        defaults.limits()));
    }

    /// To be called every second.
    void round() {
        groups.expire();
        runs.look();
    }

    void writeMetrics(ExpositionWriter out) {
        groups.writeMetrics(out);
        RunMeters.write(runs, out);
    }

    void close() {
        try {
            groups.close();
            runs.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
