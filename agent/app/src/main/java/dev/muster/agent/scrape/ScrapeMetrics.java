package dev.muster.agent.scrape;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.append.AppendMetrics;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.model.sample.MetricType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Meters of scraping. Thread-safe.
public final class ScrapeMetrics {
    private final BodyPool pool;
    final AppendMetrics append = new AppendMetrics();
    final LongAdder scrapes = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder bodyBytes = new LongAdder();
    final LongAdder scrapeNanos = new LongAdder();
    final LongAdder ticksMissed = new LongAdder();
    final LongAdder clockSteps = new LongAdder();
    final LongAdder reloads = new LongAdder();
    final LongAdder reloadFailures = new LongAdder();
    final AtomicLong reloadSucceeded = new AtomicLong(1);

    ScrapeMetrics(BodyPool pool) {
        this.pool = pool;
    }

    void count(ScrapeOutcome outcome) {
        scrapes.increment();
        bodyBytes.add(outcome.bodyBytes());
        scrapeNanos.add(outcome.durationNanos());
        if (!outcome.up()) {
            failures.increment();
        }
    }

    /// Samples appended since the start.
    public long samplesAppended() {
        return append.appended();
    }

    void write(ExpositionWriter out, List<TargetStatus> targets, int dropped, int refused) {
        writeTargets(out, targets, dropped, refused);
        counter(out, "muster_scrapes_total", "Scrapes, failed ones among them.", scrapes.sum());
        counter(out, "muster_scrapes_failed_total", "Scrapes with up 0.", failures.sum());
        counter(
                out,
                "muster_scrape_body_bytes_total",
                "Bytes of bodies, inflated.",
                bodyBytes.sum());
        counter(
                out,
                "muster_scrape_seconds_total",
                "Time from the start of fetches until their samples were appended.",
                scrapeNanos.sum() / 1e9);
        counter(
                out,
                "muster_scrape_ticks_missed_total",
                "Ticks without a scrape: one was still going on, or the process stood still.",
                ticksMissed.sum());
        counter(
                out,
                "muster_scrape_clock_steps_total",
                "Times that a target found the wall clock set back by an interval or more.",
                clockSteps.sum());
        writeReloads(out);
        gauge(
                out,
                "muster_scrape_body_memory_bytes",
                "Memory of buffers for bodies.",
                pool.heldBytes());
        gauge(
                out,
                "muster_scrape_body_memory_limit_bytes",
                "Most memory that buffers for bodies may take.",
                pool.budgetBytes());
        counter(
                out,
                "muster_scrape_body_memory_refused_total",
                "Times that a body found that memory used up.",
                pool.refusals());
        append.write(out);
    }

    private static void writeTargets(
            ExpositionWriter out, List<TargetStatus> targets, int dropped, int refused) {
        long up = targets.stream().filter(TargetStatus::up).count();
        String name = "muster_scrape_targets";
        out.family(name, MetricType.GAUGE, "Targets by state.");
        out.sample(name, "state", "up", up);
        out.sample(name, "state", "down", targets.size() - up);
        out.sample(name, "state", "dropped", dropped);
        out.sample(name, "state", "refused", refused);
    }

    private void writeReloads(ExpositionWriter out) {
        counter(out, "muster_scrape_reloads_total", "Configuration files read.", reloads.sum());
        counter(
                out,
                "muster_scrape_reload_failures_total",
                "Configuration files refused.",
                reloadFailures.sum());
        gauge(
                out,
                "muster_scrape_reload_successful",
                "Whether the configuration file was right when it was last read.",
                reloadSucceeded.get());
    }

    private static void counter(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
