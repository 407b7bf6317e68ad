package dev.muster.agent.runs;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;

/// Meters of announced jobs.
public final class RunMeters {
    private RunMeters() {}

    public static void write(RunStore store, ExpositionWriter out) {
        gauge(out, "muster_runs_jobs", "Jobs that announced themselves.", store.jobs().size());
        gauge(out, "muster_runs_log_bytes", "Size of the log of runs.", store.logBytes());
        gauge(
                out,
                "muster_runs_waiting",
                "Runs that ended and whose metrics wait to be stored.",
                store.waiting());
        out.family(
                        "muster_runs_unheard_total",
                        MetricType.COUNTER,
                        "Jobs that fell due, or took too long, while this agent was down and the"
                                + " host up: not called overdue.")
                .sample("muster_runs_unheard_total", store.unheard());
        out.family(
                        "muster_runs_log_records_lost_total",
                        MetricType.COUNTER,
                        "Records of the log that were damaged when it was read back.")
                .sample("muster_runs_log_records_lost_total", store.lostRecords());
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
