package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What a store answers to some questions, as plain text, bit by bit. Of what a histogram says of
/// resets only whether it is a gauge: the rest says nothing where blocks meet.
final class StoreAnswers {
    private StoreAnswers() {}

    static BlockCatalog catalog(Bucket bucket, Instant now) throws IOException {
        BlockCatalog catalog =
                new BlockCatalog(
                        bucket, new CatalogConfig(Duration.ofDays(5), 3, 1, 100_000), () -> now);
        catalog.refresh();
        return catalog;
    }

    static List<String> of(Bucket bucket, Instant now, long seed) throws IOException {
        return of(catalog(bucket, now), bucket, seed);
    }

    static List<String> of(BlockCatalog catalog, Bucket bucket, long seed) throws IOException {
        BlockSource source = new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
        Random random = new Random(seed);
        List<String> answers = new ArrayList<>();
        TimeRange day = new TimeRange(RandomStore.DAY, RandomStore.DAY + 25 * RandomStore.HOUR);
        answers.add(of(source, day, List.of()));
        for (int i = 0; i < 6; i++) {
            long fromMs = RandomStore.DAY + random.nextInt(24 * 60) * 60_000L;
            TimeRange range = new TimeRange(fromMs, fromMs + 60_000L * (1 + random.nextInt(900)));
            LabelMatcher metric = new LabelMatcher.Equal("__name__", "metric_" + random.nextInt(8));
            answers.add(of(source, range, random.nextBoolean() ? List.of(metric) : List.of()));
        }
        int share = random.nextInt(2);
        answers.add(
                of(
                        source.where((cell, host) -> (cell + host).hashCode() % 2 == share),
                        day,
                        List.of()));
        return answers;
    }

    static String of(SeriesSource source, TimeRange range, List<LabelMatcher> matchers)
            throws IOException {
        StringBuilder text = new StringBuilder();
        try (SeriesSet set = source.select(SelectRequest.of(range, matchers))) {
            SampleReader reader = set.reader();
            SampleColumns samples = new SampleColumns();
            for (int i = 0; i < set.size(); i++) {
                samples.clear();
                reader.read(i, samples);
                if (samples.size() > 0) {
                    text.append(set.labels(i)).append('\n');
                    append(samples, text);
                }
            }
            text.append(set.completeness()).append(set.warnings().toString().replace("\n", " "));
        }
        return text.toString();
    }

    private static void append(SampleColumns samples, StringBuilder text) {
        for (int i = 0; i < samples.size(); i++) {
            text.append(samples.timestampsMs()[i]).append('=');
            NativeHistogram histogram = samples.histogram(i);
            if (histogram == null) {
                text.append(Double.doubleToRawLongBits(samples.values()[i]));
            } else if (histogram.counterReset() == CounterReset.GAUGE) {
                text.append("gauge ").append(histogram);
            } else {
                text.append(histogram.withCounterReset(CounterReset.UNKNOWN));
            }
            text.append(" since ").append(samples.startMs(i)).append('\n');
        }
    }
}
