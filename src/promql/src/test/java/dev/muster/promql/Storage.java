package dev.muster.promql;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Stores the samples of a script where the product stores them. Close it to free what it opened.
final class Storage implements AutoCloseable {
    enum Kind {
        MEMORY,
        HEAD,
        BLOCKS,
        /// Blocks up to a random time, the head from there on.
        SPLIT
    }

    private static final Duration DAY = Duration.ofDays(1);

    private final Kind kind;
    private final Path directory;
    private final Random random;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Storage(Kind kind, Path directory, long seed) {
        this.kind = kind;
        this.directory = directory;
        random = new Random(seed);
    }

    /// A source with the samples of `all`; one made before is closed.
    SeriesSource store(MemorySource all) throws IOException {
        close();
        if (kind == Kind.MEMORY || all.range().isEmpty()) {
            return all;
        }
        TimeRange range = all.range().get();
        long splitMs =
                switch (kind) {
                    case MEMORY, HEAD -> range.startMs();
                    case BLOCKS -> range.endMs();
                    case SPLIT -> range.startMs() + random.nextLong(range.lengthMs() + 1);
                };
        List<MergedSource.Part> parts = new ArrayList<>();
        if (splitMs > range.startMs()) {
            TimeRange early = new TimeRange(range.startMs(), splitMs);
            parts.add(new MergedSource.Part("blocks", blocks(all.part(early), early)));
        }
        if (splitMs < range.endMs()) {
            parts.add(new MergedSource.Part("head", head(all, time -> time >= splitMs)));
        }
        return parts.size() == 1 ? parts.getFirst().source() : new MergedSource(parts);
    }

    private Path next(String name) throws IOException {
        return Files.createTempDirectory(directory, name);
    }

    private SeriesSource blocks(MemorySource samples, TimeRange range) throws IOException {
        Bucket bucket = Buckets.open(BucketConfig.of("memory:"));
        open.push(bucket);
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        for (long start = range.startMs(); start < range.endMs(); ) {
            TimeRange day = TimeRange.windowOf(start, DAY.toMillis());
            BlockUpload.ship(
                    bucket,
                    writer.write(
                            new BlockId("script", "script", day),
                            samples.part(day),
                            next("block")));
            start = day.endMs();
        }
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket,
                        new CatalogConfig(Duration.ofDays(400), 30, 400, 10_000),
                        () -> Instant.ofEpochMilli(range.endMs()));
        catalog.refresh();
        return new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
    }

    private record Sample(Labels labels, MemorySource.Sample what) {}

    private SeriesSource head(MemorySource all, Predicate<Long> wanted) throws IOException {
        TreeMap<Long, List<Sample>> byTime = new TreeMap<>();
        all.forEach((labels, timeMs, sample) -> {
            if (wanted.test(timeMs)) {
                byTime.computeIfAbsent(timeMs, _ -> new ArrayList<>())
                        .add(new Sample(labels, sample));
            }
        });
        HeadConfig config = HeadConfig.in(next("head")).withMaxAhead(Duration.ofDays(4_000));
        Head head = Head.open(config, () -> Instant.EPOCH);
        open.push(head);
        try (SampleAppender appender = head.appender("script")) {
            Map<Labels, Integer> references = new HashMap<>();
            Map<Labels, Long> starts = new HashMap<>();
            for (Map.Entry<Long, List<Sample>> tick : byTime.entrySet()) {
                appender.begin(tick.getKey());
                for (Sample sample : tick.getValue()) {
                    append(appender, sample, references, starts);
                }
                appender.commit();
            }
        }
        return head;
    }

    private static void append(
            SampleAppender appender,
            Sample sample,
            Map<Labels, Integer> references,
            Map<Labels, Long> starts) {
        Labels labels = sample.labels();
        int reference =
                references.computeIfAbsent(
                        labels, key -> appender.series(key, MetricMetadata.NONE));
        long startMs = sample.what().startMs();
        if (startMs != starts.getOrDefault(labels, 0L)) {
            appender.start(reference, startMs);
            starts.put(labels, startMs);
        }
        var histogram = sample.what().histogram();
        if (histogram == null) {
            appender.append(reference, sample.what().value());
        } else {
            appender.append(reference, histogram);
        }
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("storage must close", e);
            }
        }
    }
}
