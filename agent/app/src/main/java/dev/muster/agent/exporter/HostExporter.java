package dev.muster.agent.exporter;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NoDataException;
import dev.muster.agent.exporter.hardware.HardwareCollectors;
import dev.muster.agent.exporter.kernel.KernelCollectors;
import dev.muster.agent.exporter.network.NetworkCollectors;
import dev.muster.agent.exporter.storage.StorageCollectors;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Exposes the host: what node_exporter would say of it, by the same names.
///
/// Confined to one thread at a time. Each collector has its own deadline.
public final class HostExporter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostExporter.class.getName());

    /// A collector, how its last run went, and what it wrote if that is good for a while.
    private static final class Run {
        private final Collector collector;
        private final long periodNanos;
        private final ExpositionWriter kept;
        private boolean success = true;
        private boolean ran;
        private long startNanos;
        private long nanos;

        Run(Collector collector) {
            this.collector = collector;
            periodNanos = collector.period().toNanos();
            kept = new ExpositionWriter(64);
        }

        /// A tick may come a little early: half of the shortest interval of a scrape.
        boolean isDue(long now) {
            return !ran || now - startNanos >= periodNanos - EARLY_NANOS;
        }
    }

    private static final long EARLY_NANOS = MILLISECONDS.toNanos(125);

    private final List<Run> runs = new ArrayList<>();
    private final ExecutorService threads;

    public HostExporter(HostExporterConfig config) {
        this(config, collectors(config));
    }

    HostExporter(HostExporterConfig config, List<Collector> collectors) {
        threads = threads(collectors.size() + 1);
        for (Collector collector : collectors) {
            runs.add(new Run(new GuardedCollector(collector, config.timeout(), threads)));
        }
    }

    /// One thread as long as no collector hangs; those that hang keep theirs.
    private static ExecutorService threads(int limit) {
        return new ThreadPoolExecutor(
                0,
                limit,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("collector-", 0).factory());
    }

    private static List<Collector> collectors(HostExporterConfig config) {
        return all(config).stream()
                .filter(collector -> config.collectors().contains(collector.name()))
                .sorted(Comparator.comparing(Collector::name))
                .toList();
    }

    /// Every collector there is.
    static List<Collector> all(HostExporterConfig config) {
        HostDirectory procfs = new HostDirectory(config.procfs());
        HostDirectory sysfs = new HostDirectory(config.sysfs());
        List<Collector> collectors =
                new ArrayList<>(
                        List.of(
                                new ConnectionTrackingCollector(config),
                                new CpuCollector(config),
                                new DiskCollector(config),
                                new EntropyCollector(config),
                                new FileDescriptorCollector(config),
                                new FileSystemCollector(config),
                                new LoadCollector(config),
                                new MemoryCollector(config),
                                new NetworkCollector(config),
                                new NetworkStatCollector(config),
                                new PressureCollector(config),
                                new SocketCollector(config),
                                new SoftnetCollector(config),
                                new StatCollector(config),
                                new TimeCollector(config, InstantSource.system()),
                                new UnameCollector(config),
                                new VmStatCollector(config)));
        collectors.addAll(HardwareCollectors.all(sysfs));
        collectors.addAll(
                KernelCollectors.all(
                        procfs,
                        sysfs,
                        new HostDirectory(config.rootfs()),
                        config.textFiles(),
                        config.settings()));
        collectors.addAll(NetworkCollectors.all(procfs, sysfs));
        collectors.addAll(StorageCollectors.all(procfs, sysfs));
        return collectors;
    }

    /// Appends the host's families. A collector that fails, or takes longer than it may, costs only
    /// its own families: `node_scrape_collector_success` says which.
    public void collect(ExpositionWriter into) {
        for (Run run : runs) {
            collect(run, into);
        }
        String duration = "node_scrape_collector_duration_seconds";
        into.family(duration, MetricType.GAUGE, "Time that the collector took.");
        for (Run run : runs) {
            // whole microseconds: finer digits are noise, and cost more bytes in blocks than all
            // else
            into.sample(
                    duration,
                    "collector",
                    run.collector.name(),
                    NANOSECONDS.toMicros(run.nanos) / 1e6);
        }
        String success = "node_scrape_collector_success";
        into.family(success, MetricType.GAUGE, "Whether the collector succeeded.");
        for (Run run : runs) {
            into.sample(success, "collector", run.collector.name(), run.success ? 1 : 0);
        }
    }

    private static void collect(Run run, ExpositionWriter into) {
        long start = System.nanoTime();
        if (!run.isDue(start)) {
            into.append(run.kept);
            return;
        }
        int before = into.size();
        boolean success = false;
        try {
            run.collector.collect(into);
            success = true;
        } catch (NoDataException e) {
            into.truncate(before);
            if (!run.ran) {
                LOG.log(Level.DEBUG, () -> failed(run) + " cause=" + e.getMessage());
            }
        } catch (IOException e) {
            into.truncate(before);
            if (run.success) {
                LOG.log(Level.INFO, () -> failed(run) + " cause=" + e.getMessage());
            }
        } catch (RuntimeException e) {
            into.truncate(before);
            if (run.success) {
                LOG.log(Level.ERROR, () -> failed(run), e);
            }
        }
        run.ran = true;
        run.startNanos = start;
        run.nanos = System.nanoTime() - start;
        run.success = success;
        if (run.periodNanos > 0) {
            run.kept.clear();
            run.kept.append(into, before);
        }
    }

    private static String failed(Run run) {
        return "host collector failed: collector=" + run.collector.name();
    }

    /// Ends the threads of collectors; one that hangs is left to hang.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
