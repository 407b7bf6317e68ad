package dev.muster.agent;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.federation.detect.Count;
import dev.muster.federation.hazelcast.CellStats;
import dev.muster.federation.hazelcast.PlaneStats;
import dev.muster.federation.udp.UdpStats;
import dev.muster.head.ExemplarStats;
import dev.muster.head.HeadStats;
import dev.muster.model.sample.MetricType;
import java.util.List;
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
        CellStats.Runtime runtime = stats.runtime();
        gauge("muster_cell_joined", "Whether the member runs.", runtime.joined() ? 1 : 0);
        gauge("muster_cell_bus_members", "Members of the bus.", runtime.hazelcastMembers());
        gauge(
                "muster_cell_degraded",
                "Whether the bus is broken, or beats do not go as they should.",
                stats.degraded() ? 1 : 0);
        gauge("muster_cell_loss_ratio", "Share of beats lost, of late.", stats.lossRatio());
        String members = "muster_cell_members";
        out.family(members, MetricType.GAUGE, "Agents of the cell, by state.");
        for (String state : List.of("up", "suspect", "down")) {
            out.sample(members, "state", state, stats.members().getOrDefault(state, 0));
        }
        counter("muster_cell_recreations_total", "Members made anew.", runtime.recreations());
        counter("muster_cell_frames_refused_total", "Frames refused.", runtime.framesRefused());
        counter(
                "muster_cell_frames_dropped_total",
                "Frames dropped because a queue was full.",
                runtime.framesDropped());
        counter(
                "muster_cell_services_over_limit_total",
                "Services left out of reports because there were too many.",
                runtime.servicesOverLimit());
        gauge(
                "muster_cell_events_waiting",
                "Events that wait for the detector.",
                runtime.eventsWaiting());
        gauge("muster_cell_taken_over", "Hosts that this agent looks after.", runtime.takenOver());
        writeNews(runtime);
        writeDetector(stats);
        writePlanes(runtime.planes());
    }

    private void writeNews(CellStats.Runtime runtime) {
        gauge("muster_cell_news_waiting", "News that wait for listeners.", runtime.newsWaiting());
        counter(
                "muster_cell_news_dropped_total",
                "Transitions that listeners were too slow for.",
                runtime.newsDropped());
        gauge("muster_cell_manifests", "Manifests of agents held.", runtime.manifests());
        counter(
                "muster_cell_manifest_pulls_total",
                "Manifests asked for over HTTP.",
                runtime.manifestPulls());
        counter(
                "muster_cell_manifest_pull_failures_total",
                "Manifests asked for over HTTP in vain.",
                runtime.manifestPullFailures());
    }

    private void writeDetector(CellStats stats) {
        for (Count count : Count.values()) {
            String what = count.name().toLowerCase(Locale.ROOT);
            String name = count == Count.OVER_LIMIT ? "agents_over_limit" : what;
            counter(
                    "muster_cell_" + name + "_total",
                    "What the detector counts: " + name.replace('_', ' ') + ".",
                    stats.count(count));
        }
    }

    private void writePlanes(PlaneStats planes) {
        UdpStats udp = planes.udp();
        String peers = "muster_cell_peers";
        out.family(peers, MetricType.GAUGE, "Other agents, by the way that they are heard.");
        out.sample(peers, "plane", "udp", planes.peersByUdp());
        out.sample(peers, "plane", "bus", planes.peersOnBus());
        gauge(
                "muster_cell_peers_by_bus_only",
                "Agents with whom datagrams do not go both ways.",
                planes.peersByBusOnly());
        counter(
                "muster_cell_beats_by_bus_total",
                "Beats that went by the bus in place of datagrams.",
                planes.beatsByBus());
        String bytes = "muster_cell_sent_bytes_total";
        out.family(bytes, MetricType.COUNTER, "Bytes sent, without headers of IP, UDP and TCP.");
        out.sample(bytes, "plane", "udp", udp.sentBytes());
        out.sample(bytes, "plane", "bus", planes.busBytes());
        String frames = "muster_cell_sent_total";
        out.family(frames, MetricType.COUNTER, "Datagrams, and frames by the bus, sent.");
        out.sample(frames, "plane", "udp", udp.sent());
        out.sample(frames, "plane", "bus", planes.busFrames());
        String waiting = "muster_cell_send_waiting";
        out.family(waiting, MetricType.GAUGE, "What waits to be sent.");
        out.sample(waiting, "plane", "udp", planes.udpWaiting());
        out.sample(waiting, "plane", "bus", planes.busWaiting());
        writeDatagrams(udp);
    }

    private void writeDatagrams(UdpStats udp) {
        counter("muster_cell_udp_received_total", "Datagrams received.", udp.received());
        counter("muster_cell_udp_received_bytes_total", "Their bytes.", udp.receivedBytes());
        String refused = "muster_cell_udp_refused_total";
        out.family(refused, MetricType.COUNTER, "Datagrams refused, by reason.");
        out.sample(refused, "reason", "seal", udp.unsealed());
        out.sample(refused, "reason", "form", udp.malformed());
        out.sample(refused, "reason", "stranger", udp.strangers());
        String unsent = "muster_cell_udp_unsent_total";
        out.family(unsent, MetricType.COUNTER, "Datagrams not sent, by reason.");
        out.sample(unsent, "reason", "socket", udp.unsent());
        out.sample(unsent, "reason", "queue", udp.queueFull());
        out.sample(unsent, "reason", "size", udp.oversized());
        counter(
                "muster_cell_udp_parts_lost_total",
                "Parts of frames that never became whole.",
                udp.partsLost());
    }

    private void counter(String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private void gauge(String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
