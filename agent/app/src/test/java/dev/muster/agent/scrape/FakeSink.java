package dev.muster.agent.scrape;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SampleSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keeps samples in maps: what is committed is seen, a second value at a time is refused.
/// Thread-safe.
public final class FakeSink implements SampleSink {
    private final Map<Labels, TreeMap<Long, Object>> committed = new HashMap<>();
    private final Map<Labels, Long> starts = new HashMap<>();
    private final Map<Labels, List<Exemplar>> exemplars = new HashMap<>();
    private final Map<Labels, MetricMetadata> metadata = new HashMap<>();
    private final List<String> openOrigins = new ArrayList<>();
    private int seriesLimit = Integer.MAX_VALUE;
    private int seriesCalls;
    private int startCalls;
    private int seriesCreated;
    private boolean full;
    private boolean forgetful;

    @Override
    public synchronized SampleAppender appender(String origin) {
        openOrigins.add(origin);
        return new FakeAppender(origin);
    }

    public synchronized void limitSeries(int limit) {
        seriesLimit = limit;
    }

    public synchronized void fill(boolean isFull) {
        full = isFull;
    }

    /// References given out before are unknown from now on.
    public synchronized void forgetReferences() {
        forgetful = true;
    }

    public synchronized int seriesCalls() {
        return seriesCalls;
    }

    /// Times that a start was told.
    public synchronized int startCalls() {
        return startCalls;
    }

    /// Series there ever were.
    public synchronized int seriesCreated() {
        return seriesCreated;
    }

    public synchronized List<String> openOrigins() {
        return List.copyOf(openOrigins);
    }

    public synchronized MetricMetadata metadata(Labels labels) {
        return metadata.getOrDefault(labels, MetricMetadata.NONE);
    }

    /// Committed series by metric name, with labels, sorted.
    public synchronized List<Labels> series(String metric) {
        return committed.keySet().stream().filter(l -> l.metric().equals(metric)).sorted().toList();
    }

    /// Samples as `time=value`, markers as `time=stale`.
    public synchronized List<String> samples(Labels labels) {
        List<String> samples = new ArrayList<>();
        committed
                .getOrDefault(labels, new TreeMap<>())
                .forEach((time, value) -> samples.add(time + "=" + text(value)));
        return samples;
    }

    private static Object text(Object value) {
        return value instanceof Double number && Staleness.isStale(number) ? "stale" : value;
    }

    /// The histogram of a series at a time.
    public synchronized NativeHistogram histogram(Labels labels, long timeMs) {
        if (committed.getOrDefault(labels, new TreeMap<>()).get(timeMs)
                instanceof NativeHistogram histogram) {
            return histogram;
        }
        throw new AssertionError("no histogram: series=" + labels + ", timeMs=" + timeMs);
    }

    /// Since when the samples of a series count; 0 where that was never said.
    public synchronized long startMs(Labels labels) {
        return starts.getOrDefault(labels, 0L);
    }

    /// The exemplars of a series, in the order they came.
    public synchronized List<Exemplar> exemplars(Labels labels) {
        return List.copyOf(exemplars.getOrDefault(labels, List.of()));
    }

    /// Samples of the only series of that name.
    public synchronized List<String> samples(String metric) {
        List<Labels> found = series(metric);
        if (found.size() != 1) {
            throw new AssertionError("one series expected: metric=" + metric + ", found=" + found);
        }
        return samples(found.getFirst());
    }

    private record Pending(Labels labels, long timeMs) {}

    private final class FakeAppender implements SampleAppender {
        private final String origin;
        private final List<Labels> references = new ArrayList<>();
        private final Map<Labels, Integer> numbers = new HashMap<>();
        private final Map<Pending, Object> pending = new LinkedHashMap<>();
        private int firstValid;
        private long tickMs;

        FakeAppender(String origin) {
            this.origin = origin;
        }

        @Override
        public void begin(long timestampMs) {
            tickMs = timestampMs;
            pending.clear();
        }

        @Override
        public int series(Labels labels, MetricMetadata newMetadata) {
            synchronized (FakeSink.this) {
                forgetIfTold();
                seriesCalls++;
                Integer known = numbers.get(labels);
                if (known != null && known >= firstValid) {
                    return known;
                }
                if (numbers.size() >= seriesLimit) {
                    return OVER_LIMIT;
                }
                if (metadata.put(labels, newMetadata) == null) {
                    seriesCreated++;
                }
                numbers.put(labels, references.size());
                references.add(labels);
                return references.size() - 1;
            }
        }

        @Override
        public int find(Labels labels) {
            synchronized (FakeSink.this) {
                forgetIfTold();
                if (!metadata.containsKey(labels)) {
                    return NO_SERIES;
                }
                return numbers.computeIfAbsent(
                        labels,
                        added -> {
                            references.add(added);
                            return references.size() - 1;
                        });
            }
        }

        private void forgetIfTold() {
            if (forgetful) {
                forgetful = false;
                firstValid = references.size();
            }
        }

        @Override
        public AppendResult append(int reference, double value) {
            return append(reference, tickMs, value);
        }

        @Override
        public AppendResult append(int reference, long timestampMs, double value) {
            return appendAny(reference, timestampMs, value);
        }

        @Override
        public AppendResult append(int reference, NativeHistogram histogram) {
            return appendAny(reference, tickMs, histogram);
        }

        @Override
        public AppendResult append(int reference, long timestampMs, NativeHistogram histogram) {
            return appendAny(reference, timestampMs, histogram);
        }

        @Override
        public void start(int reference, long startMs) {
            synchronized (FakeSink.this) {
                starts.put(references.get(reference), startMs);
                startCalls++;
            }
        }

        @Override
        public void exemplar(int reference, Exemplar exemplar) {
            synchronized (FakeSink.this) {
                exemplars
                        .computeIfAbsent(references.get(reference), _ -> new ArrayList<>())
                        .add(exemplar);
            }
        }

        private AppendResult appendAny(int reference, long timestampMs, Object value) {
            synchronized (FakeSink.this) {
                forgetIfTold();
                if (reference < firstValid) {
                    return AppendResult.UNKNOWN_SERIES;
                }
                Labels labels = references.get(reference);
                boolean taken =
                        committed.getOrDefault(labels, new TreeMap<>()).containsKey(timestampMs)
                                || pending.containsKey(new Pending(labels, timestampMs));
                if (taken) {
                    return AppendResult.DUPLICATE;
                }
                pending.put(new Pending(labels, timestampMs), value);
                return AppendResult.APPENDED;
            }
        }

        @Override
        public void commit() throws IOException {
            synchronized (FakeSink.this) {
                if (full) {
                    pending.clear();
                    throw new IOException("disk is full");
                }
                pending.forEach((sample, value) ->
                        committed
                                .computeIfAbsent(sample.labels, _ -> new TreeMap<>())
                                .put(sample.timeMs, value));
                pending.clear();
            }
        }

        @Override
        public void rollback() {
            pending.clear();
        }

        @Override
        public void close() {
            synchronized (FakeSink.this) {
                openOrigins.remove(origin);
            }
        }
    }
}
