package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;

/// Two hosts and three windows of one day, none of which has a sample of another.
record DistinctStore(Path directory) {
    void ship(Bucket bucket) throws IOException {
        for (int window = 0; window < 3; window++) {
            long startMs = RandomStore.DAY + window * (2 * RandomStore.HOUR);
            TimeRange range = new TimeRange(startMs, startMs + 2 * RandomStore.HOUR);
            for (String host : new String[] {"h1", "h2"}) {
                BlockUpload.ship(
                        bucket,
                        new BlockWriter(new BlockWriterConfig(2, 64, 3))
                                .write(
                                        new BlockId("c1", host, range),
                                        source(host, startMs),
                                        directory));
            }
        }
    }

    private static PlainSource source(String host, long startMs) {
        PlainSource source = new PlainSource();
        for (int i = 0; i < 100; i++) {
            long timeMs = startMs + i * 60_000L;
            Labels counter = Labels.of("__name__", "c", "job", "a", "instance", host);
            source.add(counter, timeMs, i % 30).start(counter, timeMs, startMs - i % 30);
            source.add(
                    Labels.of("__name__", "g", "instance", host),
                    timeMs,
                    i % 20 == 3 ? Staleness.STALE : i);
            source.add(Labels.of("__name__", "h", "instance", host), timeMs, histogram(i));
        }
        return source;
    }

    private static NativeHistogram histogram(int count) {
        return NativeHistogram.exponential(
                2,
                CounterReset.UNKNOWN,
                0.5,
                1,
                count,
                count,
                Buckets.of(new int[] {1, 4}, new double[] {count, 1}, 2),
                Buckets.NONE);
    }
}
