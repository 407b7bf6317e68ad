package dev.muster.agent.takeover;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.concurrent.atomic.LongAdder;

/// Meters of looking after lost peers. Thread-safe.
final class TakeoverMetrics {
    final LongAdder taken = new LongAdder();
    final LongAdder givenBack = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder withoutManifest = new LongAdder();
    final LongAdder renewed = new LongAdder();
    final LongAdder manifestsRefused = new LongAdder();
    final LongAdder manifestsPublished = new LongAdder();
    final LongAdder scrapes = new LongAdder();
    final LongAdder overCapacity = new LongAdder();
    final LongAdder silent = new LongAdder();
    final LongAdder probes = new LongAdder();
    final LongAdder inferred = new LongAdder();
    final LongAdder headFailures = new LongAdder();
    final LongAdder headsEvicted = new LongAdder();

    /// Figures of now.
    record Now(
            int hosts,
            int services,
            int heads,
            int manifestBytes,
            int manifestOmitted,
            int manifestJobsOmitted,
            int jobs,
            long samplesAppended,
            long blocksShipped,
            long blocksPending,
            long memoryBytes) {}

    void write(ExpositionWriter out, Now now) {
        gauge(out, "hosts", "Lost peers whose services are looked after.", now.hosts);
        gauge(out, "services", "Their services.", now.services);
        gauge(out, "heads", "Peers of whom samples are held.", now.heads);
        gauge(out, "memory_bytes", "Memory that series of lost peers take.", now.memoryBytes);
        gauge(out, "manifest_bytes", "Size of the own manifest.", now.manifestBytes);
        gauge(
                out,
                "manifest_omitted_targets",
                "Own targets that found no place in the manifest.",
                now.manifestOmitted);
        gauge(
                out,
                "manifest_omitted_jobs",
                "Own announced jobs that found no place in the manifest.",
                now.manifestJobsOmitted);
        gauge(out, "jobs", "Announced jobs of lost peers that are watched.", now.jobs);
        counter(out, "started", "Times that a lost peer's services were taken over.", taken);
        counter(out, "ended", "Times that they were given back.", givenBack);
        counter(out, "refused", "Peers not taken over: as many as may be already are.", refused);
        counter(
                out,
                "without_manifest",
                "Peers taken over of whom nothing told what they scrape.",
                withoutManifest);
        counter(
                out,
                "renewed",
                "Times that they were begun anew by a manifest that came after the loss.",
                renewed);
        counter(out, "manifests_refused", "Manifests that were damaged.", manifestsRefused);
        counter(out, "manifests_published", "Times the own manifest changed.", manifestsPublished);
        counter(out, "scrapes", "Scrapes in place of lost peers.", scrapes);
        counter(
                out,
                "over_capacity",
                "Scrapes not done because of a limit: nothing is said of the service then.",
                overCapacity);
        counter(
                out,
                "silent",
                "Scrapes without an answer of anything on the host, while there was no verdict.",
                silent);
        counter(out, "probes", "Probes of lost peers' hosts.", probes);
        counter(
                out,
                "inferred",
                "Services found to have run all along, by the time they were started.",
                inferred);
        counter(
                out,
                "head_failures",
                "Peers of whom no samples could be held, because of the disk.",
                headFailures);
        counter(
                out,
                "heads_evicted",
                "Peers of whom samples were dropped to make room for those of another.",
                headsEvicted);
        String name = "muster_takeover_samples_appended_total";
        out.family(name, MetricType.COUNTER, "Samples of lost peers' services.")
                .sample(name, now.samplesAppended);
        String shipped = "muster_takeover_blocks_shipped_total";
        out.family(shipped, MetricType.COUNTER, "Blocks of lost peers' samples in the store.")
                .sample(shipped, now.blocksShipped);
        gauge(out, "blocks_pending", "Such blocks that are to be shipped.", now.blocksPending);
    }

    private static void gauge(ExpositionWriter out, String name, String help, long value) {
        String full = "muster_takeover_" + name;
        out.family(full, MetricType.GAUGE, help).sample(full, value);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        String full = "muster_takeover_" + name + "_total";
        out.family(full, MetricType.COUNTER, help).sample(full, value.sum());
    }
}
