package dev.muster.agent.exporter;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Exposes the host: what node_exporter would say of it, by the same names.
///
/// Confined to one thread at a time. Collectors that may hang have threads of their own.
public final class HostExporter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostExporter.class.getName());

    private static final Map<String, Function<HostExporterConfig, Collector>> COLLECTORS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("conntrack", ConnectionTrackingCollector::new),
                            Map.entry("cpu", CpuCollector::new),
                            Map.entry("diskstats", DiskCollector::new),
                            Map.entry("entropy", EntropyCollector::new),
                            Map.entry("filefd", FileDescriptorCollector::new),
                            Map.entry("filesystem", FileSystemCollector::new),
                            Map.entry("loadavg", LoadCollector::new),
                            Map.entry("meminfo", MemoryCollector::new),
                            Map.entry("netdev", NetworkCollector::new),
                            Map.entry("netstat", NetworkStatCollector::new),
                            Map.entry("pressure", PressureCollector::new),
                            Map.entry("sockstat", SocketCollector::new),
                            Map.entry("softnet", SoftnetCollector::new),
                            Map.entry("stat", StatCollector::new),
                            Map.entry(
                                    "time",
                                    config -> new TimeCollector(config, InstantSource.system())),
                            Map.entry("uname", UnameCollector::new),
                            Map.entry("vmstat", VmStatCollector::new)));

    /// A collector and how its last run went.
    private static final class Run {
        private final Collector collector;
        private boolean success = true;
        private long nanos;

        Run(Collector collector) {
            this.collector = collector;
        }
    }

    private final List<Run> runs = new ArrayList<>();

    public HostExporter(HostExporterConfig config) {
        this(config, collectors(config));
    }

    HostExporter(HostExporterConfig config, List<Collector> collectors) {
        for (Collector collector : collectors) {
            runs.add(
                    new Run(
                            collector.mayHang()
                                    ? new GuardedCollector(collector, config.timeout())
                                    : collector));
        }
    }

    private static List<Collector> collectors(HostExporterConfig config) {
        List<Collector> collectors = new ArrayList<>();
        COLLECTORS.forEach((name, make) -> {
            if (config.collectors().contains(name)) {
                collectors.add(make.apply(config));
            }
        });
        return collectors;
    }

    /// Names of all collectors there are.
    public static Set<String> collectorNames() {
        return Collections.unmodifiableSet(COLLECTORS.keySet());
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
        int before = into.size();
        long start = System.nanoTime();
        boolean success = false;
        try {
            run.collector.collect(into);
            success = true;
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
        run.nanos = System.nanoTime() - start;
        run.success = success;
    }

    private static String failed(Run run) {
        return "host collector failed: collector=" + run.collector.name();
    }

    /// Ends the threads of collectors that have one; one that hangs is left to hang.
    @Override
    public void close() {
        for (Run run : runs) {
            if (run.collector instanceof GuardedCollector guarded) {
                guarded.close();
            }
        }
    }
}
