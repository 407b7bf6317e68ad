package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadConcurrencyTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final TimeRange ALL = new TimeRange(0, 2 * START_MS);
    private static final int SERIES = 100;
    private static final int TICKS = 3_000;

    /// Each scrape sets all series of its origin to the number of the tick, and each has a series
    /// more, so that half of one would show as different values or counts.
    @Test
    void aSelectSeesWholeScrapesOnly(@TempDir Path directory) throws Exception {
        ManualClock clock = new ManualClock(START_MS);
        HeadConfig config =
                HeadConfig.in(directory)
                        .withWindow(Duration.ofMinutes(1))
                        .withMaxAhead(Duration.ofDays(1))
                        .withOpenBytesLimit(1)
                        .withWalSegmentBytes(1 << 20);
        AtomicBoolean done = new AtomicBoolean();
        try (Head head = Head.open(config, clock);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String origin = "o" + i;
                writers.add(threads.submit(() -> write(head, origin)));
            }
            Future<?> keeper = threads.submit(() -> keep(head, done));
            Future<?> reader = threads.submit(() -> read(head, done));
            for (Future<?> writer : writers) {
                writer.get();
            }
            done.set(true);
            keeper.get();
            reader.get();
            check(head, "o0", TICKS);
            check(head, "o1", TICKS);
        } catch (ExecutionException e) {
            done.set(true);
            throw new AssertionError(e.getCause());
        }
    }

    private static Void write(Head head, String origin) throws IOException {
        SampleAppender appender = head.appender(origin);
        for (int tick = 0; tick < TICKS; tick++) {
            appender.begin(START_MS + tick * 100L);
            int count = Math.min(SERIES, tick + 1);
            for (int i = 0; i < count; i++) {
                Labels labels = Labels.of("__name__", "m" + i, "origin", origin);
                int reference = i == count - 1 ? appender.series(labels, MetricMetadata.NONE) : i;
                appender.append(reference, tick);
            }
            appender.commit();
        }
        return null;
    }

    private static Void keep(Head head, AtomicBoolean done) throws IOException {
        while (!done.get()) {
            head.checkpoint();
            assertThat(head.stats().refused().values()).containsOnly(0L);
        }
        return null;
    }

    private static Void read(Head head, AtomicBoolean done) throws IOException {
        int least = 0;
        while (!done.get()) {
            least = check(head, "o0", least);
            check(head, "o1", 0);
        }
        return null;
    }

    /// @return ticks found
    private static int check(Head head, String origin, int least) throws IOException {
        TreeMap<Labels, TreeMap<Long, Long>> read =
                Samples.read(head, ALL, LabelMatcher.equal("origin", origin));
        TreeMap<Long, Long> first = read.get(Labels.of("__name__", "m0", "origin", origin));
        int ticks = first == null ? 0 : first.size();
        assertThat(ticks).isGreaterThanOrEqualTo(least);
        assertThat(read).hasSize(Math.min(ticks, SERIES));
        read.forEach((labels, samples) -> {
            int series = Integer.parseInt(labels.metric().substring(1));
            assertThat(samples).as("%s of %s ticks", labels, ticks).hasSize(ticks - series);
            samples.forEach((time, bits) ->
                    assertThat(Double.longBitsToDouble(bits)).isEqualTo((time - START_MS) / 100.0));
        });
        return ticks;
    }
}
