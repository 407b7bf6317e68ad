package dev.muster.query;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.retention.RetainedTable;
import dev.muster.blocks.retention.Retention;
import dev.muster.blocks.retention.RetentionConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Deletes what is older than it is to be kept, once an hour, if anything is ever to go.
final class RetentionWiring implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RetentionWiring.class.getName());
    private static final long FIRST_MINUTES = 5;
    private static final long EVERY_MINUTES = 60;

    private final RetentionConfig config;
    private final Retention retention;
    private final LongAdder sweeps = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private @Nullable ScheduledExecutorService rounds;

    RetentionWiring(
            QueryConfig.Retention settings,
            Bucket bucket,
            MeterRegistry registry,
            InstantSource clock) {
        config = config(settings);
        retention = new Retention(bucket, config, clock);
        if (config.isSet()) {
            register(registry);
        }
    }

    static RetentionConfig config(QueryConfig.Retention settings) {
        return Settings.checked(
                "muster.retention",
                () ->
                        new RetentionConfig(
                                settings.samples(),
                                settings.upness(),
                                settings.alerts(),
                                settings.grace()));
    }

    private void register(MeterRegistry registry) {
        for (RetainedTable table : RetainedTable.values()) {
            FunctionCounter.builder(
                            "muster_retention_deleted_objects", retention, r -> r.objects(table))
                    .description("Files deleted because they were older than they are kept.")
                    .tag("table", table.label())
                    .register(registry);
            FunctionCounter.builder(
                            "muster_retention_deleted_bytes", retention, r -> r.bytes(table))
                    .description("Bytes of these files.")
                    .tag("table", table.label())
                    .register(registry);
            FunctionCounter.builder("muster_retention_marked_days", retention, r -> r.marks(table))
                    .description("Days marked to go after the grace.")
                    .tag("table", table.label())
                    .register(registry);
        }
        FunctionCounter.builder("muster_retention_sweeps", sweeps, LongAdder::sum)
                .description("Times the store was looked through for what is to go.")
                .register(registry);
        FunctionCounter.builder("muster_retention_failures", failures, LongAdder::sum)
                .description("Times that failed.")
                .register(registry);
    }

    void start() {
        if (config.isSet()) {
            ScheduledExecutorService executor =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().daemon().name("muster-retention").factory());
            var _ =
                    executor.scheduleWithFixedDelay(
                            this::sweep, FIRST_MINUTES, EVERY_MINUTES, TimeUnit.MINUTES);
            rounds = executor;
        }
    }

    private void sweep() {
        try {
            sweeps.increment();
            retention.sweep();
        } catch (IOException | RuntimeException e) {
            failures.increment();
            LOG.log(System.Logger.Level.WARNING, "retention failed, and goes on in an hour", e);
        }
    }

    @Override
    public void close() {
        if (rounds != null) {
            rounds.shutdownNow();
        }
    }
}
