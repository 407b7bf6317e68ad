package dev.muster.bench;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;

/// A data set: instances of about 100 series each, over a span of time. Pods change: of each
/// instance the series end and others begin, now and then.
///
/// @param name such as `month`
/// @param instances how many; each has 100 series at a time
/// @param jobs over how many jobs they are spread
/// @param instancesPerHost how many share an agent
/// @param startMs Unix time of the first sample, at a window of 2 h
/// @param lengthMs from the first to the last
/// @param stepMs between samples
/// @param podMs how long a pod lives
record BenchSet(
        String name,
        int instances,
        int jobs,
        int instancesPerHost,
        long startMs,
        long lengthMs,
        long stepMs,
        long podMs) {
    static final long HOUR_MS = 3_600_000;
    static final long WINDOW_MS = 2 * HOUR_MS;

    private static final String[] BOUNDS = {
        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "+Inf"
    };
    private static final String[] PATHS = {"/", "/login", "/api/items", "/api/orders", "/static/*"};
    private static final String[] CODES = {"200", "404", "500"};

    /// A month of few series, a day of many, an hour of very many; one after another, so that none
    /// overlaps another.
    ///
    /// @param endMs end of the last, a multiple of 2 h
    /// @param scale 1 for full size
    static List<BenchSet> all(long endMs, double scale) {
        long hourStart = endMs - WINDOW_MS;
        long dayStart = hourStart - 24 * HOUR_MS;
        long monthStart = dayStart - 30 * 24 * HOUR_MS;
        int tenth = (int) Math.max(2, 10 * scale);
        return List.of(
                new BenchSet(
                        "month",
                        tenth,
                        2,
                        10,
                        monthStart,
                        30 * 24 * HOUR_MS,
                        60_000,
                        5 * 24 * HOUR_MS),
                new BenchSet(
                        "day", tenth * 10, 10, 25, dayStart, 24 * HOUR_MS, 15_000, 16 * HOUR_MS),
                new BenchSet("hour", tenth * 100, 20, 25, hourStart, HOUR_MS, 15_000, 4 * HOUR_MS));
    }

    long endMs() {
        return startMs + lengthMs;
    }

    int hosts() {
        return (instances + instancesPerHost - 1) / instancesPerHost;
    }

    /// A series while one pod lives.
    ///
    /// @param fromMs Unix time of its first sample
    /// @param toMs its last sample is before this
    record Series(Labels labels, Signal signal, long fromMs, long toMs) {}

    /// Series of one host that have samples in a window, ascending by labels.
    List<Series> series(int host, long fromMs, long toMs) {
        List<Series> all = new ArrayList<>();
        int end = Math.min(instances, (host + 1) * instancesPerHost);
        for (int instance = host * instancesPerHost; instance < end; instance++) {
            long seed = Signal.mix(name.hashCode() * 31L + instance);
            // no two pods change at the same time
            long shift = Math.floorMod(seed, podMs);
            long first = Math.floorDiv(fromMs - startMs + shift, podMs);
            long last = Math.floorDiv(toMs - 1 - startMs + shift, podMs);
            for (long pod = first; pod <= last; pod++) {
                long begin = Math.max(startMs, startMs + pod * podMs - shift);
                long stop = Math.min(endMs(), startMs + (pod + 1) * podMs - shift);
                if (Math.max(begin, fromMs) < Math.min(stop, toMs)) {
                    new Pod(instance, pod, offset(seed), begin, stop, all).fill();
                }
            }
        }
        all.sort((a, b) -> a.labels.compareTo(b.labels));
        return all;
    }

    /// Instances are scraped at times of their own, never at a whole second.
    private long offset(long seed) {
        return Math.floorMod(seed >>> 20, stepMs / 1_000) * 1_000
                + 1
                + Math.floorMod(seed >>> 40, 999);
    }

    /// Fills in the series of one pod.
    private final class Pod {
        private final int instance;
        private final Labels base;
        private final long fromMs;
        private final long toMs;
        private final long seed;
        private final List<Series> into;

        Pod(int instance, long pod, long offset, long begin, long stop, List<Series> into) {
            this.instance = instance;
            this.into = into;
            fromMs = aligned(begin, offset);
            toMs = stop;
            seed = Signal.mix(instance * 1_000L + pod);
            base =
                    Labels.of(
                            "job", "job-" + instance % jobs,
                            "instance", "10.0.%d.%d:9100".formatted(instance / 250, instance % 250),
                            "pod", "app-%d-%04x".formatted(instance % jobs, seed & 0xffff));
        }

        private static long aligned(long begin, long offset, long stepMs) {
            return Math.ceilDiv(begin - offset, stepMs) * stepMs + offset;
        }

        private long aligned(long begin, long offset) {
            return aligned(begin, offset, stepMs);
        }

        void fill() {
            for (String path : PATHS) {
                for (int code = 0; code < CODES.length; code++) {
                    add(
                            Signal.Kind.WHOLE,
                            20.0 / (1 + 9 * code),
                            "http_requests_total",
                            "path",
                            path,
                            "code",
                            CODES[code]);
                }
                add(Signal.Kind.LEVEL, 12, "queue_length", "path", path);
            }
            for (int path = 0; path < 3; path++) {
                histogram(PATHS[path]);
            }
            for (String mode :
                    new String[] {
                        "user", "system", "iowait", "idle", "steal", "softirq", "irq", "nice"
                    }) {
                add(Signal.Kind.FRACTION, 0.4, "cpu_seconds_total", "mode", mode);
            }
            for (String kind : new String[] {"heap", "stack", "mapped", "cached", "free"}) {
                add(Signal.Kind.BYTES, 1L << 28, "memory_bytes", "kind", kind);
            }
            for (String device : new String[] {"eth0", "eth1", "lo", "wg0", "veth0"}) {
                add(
                        Signal.Kind.WHOLE,
                        90_000,
                        "network_bytes_total",
                        "device",
                        device,
                        "direction",
                        "in");
                add(
                        Signal.Kind.WHOLE,
                        70_000,
                        "network_bytes_total",
                        "device",
                        device,
                        "direction",
                        "out");
            }
            for (int disk = 0; disk < 10; disk++) {
                add(Signal.Kind.RARE, 1, "disk_state", "disk", "d" + disk);
            }
            add(Signal.Kind.ONE, 1, "up");
            add(Signal.Kind.ONE, 1, "build_info", "version", "2." + instance % 4);
        }

        private void histogram(String path) {
            long shared = Signal.mix(seed ^ path.hashCode());
            for (int bound = 0; bound < BOUNDS.length; bound++) {
                // the noise is that of the count, so that no bucket holds more than the next
                double share = 1 - Math.pow(0.62, bound + 1);
                into.add(
                        new Series(
                                labels("request_seconds_bucket", "path", path, "le", BOUNDS[bound]),
                                new Signal(Signal.Kind.WHOLE, shared, 40 * share),
                                fromMs,
                                toMs));
            }
            into.add(
                    new Series(
                            labels("request_seconds_count", "path", path),
                            new Signal(Signal.Kind.WHOLE, shared, 40),
                            fromMs,
                            toMs));
            into.add(
                    new Series(
                            labels("request_seconds_sum", "path", path),
                            new Signal(Signal.Kind.FRACTION, shared, 7),
                            fromMs,
                            toMs));
        }

        private void add(Signal.Kind kind, double scale, String metric, String... more) {
            Labels labels = labels(metric, more);
            long own = Signal.mix(seed ^ labels.hashCode());
            double size = scale * (0.5 + (own >>> 40) / (double) (1 << 24));
            into.add(new Series(labels, new Signal(kind, own, size), fromMs, toMs));
        }

        private Labels labels(String metric, String... more) {
            Labels.Builder builder = base.toBuilder().set(Labels.METRIC, metric);
            for (int i = 0; i < more.length; i += 2) {
                builder.set(more[i], more[i + 1]);
            }
            return builder.build();
        }
    }
}
