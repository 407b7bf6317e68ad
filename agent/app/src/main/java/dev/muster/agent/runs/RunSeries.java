package dev.muster.agent.runs;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// Series of jobs. Those of something that never was are not there.
final class RunSeries {
    private RunSeries() {}

    static void write(List<JobView> jobs, ExpositionWriter out) {
        gauge(
                jobs,
                out,
                "job_up",
                "Whether the last run ended well and none is overdue.",
                _ -> true,
                job -> job.up() ? 1 : 0);
        gauge(
                jobs,
                out,
                "job_overdue",
                "Whether a start was missed, or a run takes too long.",
                JobView::isWatched,
                job -> job.overdue() ? 1 : 0);
        gauge(jobs, out, "job_running", "Runs that go on.", _ -> true, job -> job.running().size());
        time(jobs, out, "job_last_start", "When a run was last started.", JobView::startedMs);
        time(jobs, out, "job_last_finish", "When a run last ended.", JobView::finishedMs);
        time(jobs, out, "job_last_success", "When a run last ended well.", JobView::succeededMs);
        time(jobs, out, "job_next_due", "When the next start is due.", JobView::dueMs);
        gauge(
                jobs,
                out,
                "job_last_exit_code",
                "Exit code of the run that ended last.",
                RunSeries::hasEnded,
                JobView::exitCode);
        gauge(
                jobs,
                out,
                "job_duration_seconds",
                "How long the run took that ended last.",
                RunSeries::hasEnded,
                job -> job.durationMs() / 1e3);
        out.family("job_runs_total", MetricType.COUNTER, "Runs that ended, by how.");
        for (JobView job : jobs) {
            result(out, job, "success", job.successes());
            result(out, job, "failure", job.failures());
        }
        counter(jobs, out, "job_overdue_total", "Times that it became overdue.", JobView::missed);
    }

    private static boolean hasEnded(JobView job) {
        return job.finishedMs() != 0;
    }

    private static void gauge(
            List<JobView> jobs,
            ExpositionWriter out,
            String name,
            String help,
            Predicate<JobView> has,
            ToDoubleFunction<JobView> value) {
        out.family(name, MetricType.GAUGE, help);
        samples(jobs, out, name, has, value);
    }

    private static void counter(
            List<JobView> jobs,
            ExpositionWriter out,
            String name,
            String help,
            ToDoubleFunction<JobView> value) {
        out.family(name, MetricType.COUNTER, help);
        samples(jobs, out, name, _ -> true, value);
    }

    private static void samples(
            List<JobView> jobs,
            ExpositionWriter out,
            String name,
            Predicate<JobView> has,
            ToDoubleFunction<JobView> value) {
        for (JobView job : jobs) {
            if (has.test(job)) {
                begin(out, job, name).end(value.applyAsDouble(job));
            }
        }
    }

    private static void time(
            List<JobView> jobs,
            ExpositionWriter out,
            String name,
            String help,
            ToDoubleFunction<JobView> ms) {
        gauge(
                jobs,
                out,
                name + "_timestamp_seconds",
                help,
                job -> ms.applyAsDouble(job) != 0,
                job -> ms.applyAsDouble(job) / 1e3);
    }

    private static void result(ExpositionWriter out, JobView job, String result, long count) {
        begin(out, job, "job_runs_total").label("result", result).end(count);
    }

    private static ExpositionWriter begin(ExpositionWriter out, JobView job, String name) {
        return out.begin(name)
                .label("instance", job.key().instance())
                .label("job", job.key().job());
    }
}
