package dev.muster.agent.takeover;

import dev.muster.agent.runs.JobPlan;
import dev.muster.agent.runs.JobView;
import dev.muster.agent.runs.RunKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Jobs of a manifest as bytes, drawn in `docs/format/manifest.md`.
final class JobsCodec {
    private JobsCodec() {}

    static void write(ManifestWriter out, JobView job) {
        JobPlan plan = job.plan();
        out.text(job.key().job()).text(job.key().instance());
        out.text(plan.schedule()).text(plan.zone());
        out.number(plan.grace().toMillis()).number(plan.expected().toMillis());
        out.flags(job.overdue()).number(job.dueMs());
        out.number(job.startedMs()).number(job.finishedMs()).number(job.succeededMs());
        out.fixed32(job.exitCode()).number(job.durationMs());
        out.number(job.successes()).number(job.failures()).number(job.missed());
        out.number(job.running().size());
        job.running().forEach((id, startMs) -> out.text(id).number(startMs));
    }

    static JobView read(ManifestReader in) throws ManifestException {
        RunKey key = new RunKey(in.text(), in.text());
        JobPlan plan =
                new JobPlan(
                        in.text(),
                        in.text(),
                        Duration.ofMillis(in.number()),
                        Duration.ofMillis(in.number()));
        boolean overdue = in.flags(1) == 1;
        return new JobView(
                key,
                plan,
                in.number(),
                overdue,
                in.number(),
                in.number(),
                in.number(),
                in.fixed32(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                running(in));
    }

    private static Map<String, Long> running(ManifestReader in) throws ManifestException {
        Map<String, Long> running = new LinkedHashMap<>();
        for (int left = in.count(2); left > 0; left--) {
            running.put(in.text(), in.number());
        }
        return running;
    }
}
