package dev.muster.agent;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.federation.hazelcast.CellStats;
import dev.muster.head.ExemplarStats;
import dev.muster.head.HeadStats;
import dev.muster.model.sample.MetricType;
import java.util.Locale;
import java.util.Map;

/// Meters of the head and of the cell, from their own counters.
final class StatsMetrics {
    private final ExpositionWriter out;

    StatsMetrics(ExpositionWriter out) {
        this.out = out;
    }

    void write(HeadStats stats) {
        gauge("muster_head_series", "Series held.", stats.series());
        gauge("muster_head_origins", "Origins of samples held.", stats.origins());
        counter("muster_head_samples_appended_total", "Samples stored.", stats.samplesAppended());
        counter("muster_head_commits_total", "Commits.", stats.commits());
        counter(
                "muster_head_commit_failures_total",
                "Commits that failed.",
                stats.commitFailures());
        String refused = "muster_head_samples_refused_total";
        out.family(refused, MetricType.COUNTER, "Samples refused, by reason.");
        stats.refused().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry ->
                        out.sample(
                                refused,
                                "reason",
                                entry.getKey().name().toLowerCase(Locale.ROOT),
                                entry.getValue()));
        counter(
                "muster_head_series_over_limit_total",
                "New series refused by the series limit.",
                stats.seriesOverLimit());
        counter(
                "muster_head_series_collected_total",
                "Series forgotten with their last samples.",
                stats.seriesCollected());
        gauge("muster_head_open_bytes", "Memory of samples not yet sealed.", stats.openBytes());
        gauge(
                "muster_head_index_bytes",
                "Memory of labels, metadata and the index over them.",
                stats.memory().indexBytes());
        gauge("muster_head_wal_bytes", "Size of the log.", stats.walBytes());
        gauge("muster_head_wal_segments", "Files of the log.", stats.walSegments());
        gauge("muster_head_chunk_bytes", "Size of the chunk files.", stats.chunkBytes());
        gauge("muster_head_windows", "Windows that hold samples.", stats.windows());
        if (stats.series() > 0 && stats.oldestMs() <= stats.newestMs()) {
            gauge(
                    "muster_head_oldest_timestamp_seconds",
                    "Oldest sample held, Unix time.",
                    stats.oldestMs() / 1e3);
            gauge(
                    "muster_head_newest_timestamp_seconds",
                    "Newest sample held, Unix time.",
                    stats.newestMs() / 1e3);
        }
        String activity = "muster_head_series_by_activity";
        out.family(activity, MetricType.GAUGE, "Series, by what they cost in memory.");
        out.sample(activity, "activity", "active", stats.activity().active());
        out.sample(activity, "activity", "idle", stats.activity().idle());
        out.sample(activity, "activity", "released", stats.activity().released());
        write(stats.exemplars());
        writeReplay(stats);
    }

    private void write(ExemplarStats stats) {
        gauge("muster_head_exemplars", "Exemplars held.", stats.held());
        counter("muster_head_exemplars_appended_total", "Exemplars taken.", stats.appended());
        String dropped = "muster_head_exemplars_dropped_total";
        out.family(dropped, MetricType.COUNTER, "Exemplars dropped, by reason.");
        out.sample(dropped, "reason", "repeated", stats.repeated());
        out.sample(dropped, "reason", "evicted", stats.evicted());
        out.sample(dropped, "reason", "refused", stats.refused());
    }

    private void writeReplay(HeadStats stats) {
        gauge("muster_head_replayed_samples", "Samples read back.", stats.replayedSamples());
        gauge("muster_head_replay_seconds", "Time that took.", stats.replayMs() / 1e3);
        gauge(
                "muster_head_wal_torn_bytes",
                "Bytes cut from the end of the log at the start.",
                stats.walTornBytes());
        gauge(
                "muster_head_wal_damaged_bytes",
                "Bytes of the log that could not be read at the start.",
                stats.walDamagedBytes());
        gauge("muster_head_wal_lost_commits", "Commits in them.", stats.walLostCommits());
        counter(
                "muster_head_chunks_damaged_total",
                "Chunks that could not be read.",
                stats.chunksDamaged());
        counter("muster_head_checkpoints_total", "Checkpoints written.", stats.checkpoints());
        counter(
                "muster_head_checkpoint_failures_total",
                "Checkpoints, seals and syncs that failed and are tried again.",
                stats.checkpointFailures());
        counter(
                "muster_head_windows_dropped_total",
                "Windows dropped unreleased by the disk limit.",
                stats.droppedWindowsTotal());
    }

    void write(CellStats stats) {
        gauge("muster_cell_joined", "Whether the member runs.", stats.joined() ? 1 : 0);
        gauge("muster_cell_bus_members", "Members of the bus.", stats.hazelcastMembers());
        String members = "muster_cell_members";
        out.family(members, MetricType.GAUGE, "Agents of the cell, by state.");
        out.sample(members, "state", "up", stats.membersUp());
        out.sample(members, "state", "suspect", stats.membersSuspect());
        out.sample(members, "state", "down", stats.membersDown());
        counter("muster_cell_recreations_total", "Members made anew.", stats.recreations());
        counter("muster_cell_beats_sent_total", "Beats sent.", stats.beatsSent());
        counter("muster_cell_beats_heard_total", "Beats of others heard.", stats.beatsHeard());
        counter("muster_cell_beats_lost_total", "Beats that never came.", stats.beatsLost());
        counter("muster_cell_frames_refused_total", "Frames refused.", stats.framesRefused());
        counter(
                "muster_cell_frames_dropped_total",
                "Frames dropped because a queue was full.",
                stats.framesDropped());
        counter("muster_cell_reports_sent_total", "Reports sent.", stats.reportsSent());
        counter("muster_cell_reports_heard_total", "Reports heard.", stats.reportsHeard());
        counter("muster_cell_asks_total", "Missed reports asked for.", stats.asks());
        counter("muster_cell_probes_total", "Silent agents probed.", stats.probes());
        counter("muster_cell_pauses_total", "Times this process stood still.", stats.pauses());
        counter(
                "muster_cell_conflicts_total",
                "Beats of another process by this host's name.",
                stats.conflicts());
        counter(
                "muster_cell_agents_over_limit_total",
                "Agents refused because the cell is full.",
                stats.agentsOverLimit());
        counter(
                "muster_cell_services_over_limit_total",
                "Services left out of reports because there were too many.",
                stats.servicesOverLimit());
    }

    private void counter(String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private void gauge(String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
