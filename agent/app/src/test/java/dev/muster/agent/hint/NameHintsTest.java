package dev.muster.agent.hint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.hint.NameFilter;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameHintsTest {
    private static final int NAMES = 1_000;

    private final AtomicLong nowMs = new AtomicLong(1_000_000);

    @TempDir Path directory;

    private Head head(String name) throws IOException {
        return Head.open(HeadConfig.in(directory.resolve(name)), Clock.systemUTC());
    }

    private static void append(SampleAppender to, String name) throws IOException {
        long nowMs = System.currentTimeMillis();
        to.begin(nowMs);
        int reference = to.series(Labels.of("__name__", name, "job", "j"), MetricMetadata.NONE);
        to.append(reference, nowMs, 1);
        to.commit();
    }

    @Test
    void hasNoNumberWhileANameIsNotInTheFilterAndOneAgainSoonAfter() throws IOException {
        try (Head head = head("own")) {
            NameHints hints = new NameHints(head, nowMs::get);
            hints.watch(head);
            assertThat(hints.number()).isZero();
            SampleAppender appender = head.appender("o");
            append(appender, "a_total");
            hints.round();
            assertThat(hints.number()).isEqualTo(1);
            assertThat(holds(hints, "a_total")).isTrue();

            append(appender, "a_total");
            assertThat(hints.number()).isEqualTo(1);
            append(appender, "b_total");
            assertThat(hints.number()).isZero();
            hints.round();
            assertThat(hints.number()).as("not twice within the pause").isZero();
            nowMs.addAndGet(NameHints.PAUSE_MS);
            hints.round();
            assertThat(hints.number()).isEqualTo(2);
            assertThat(holds(hints, "b_total")).isTrue();
        }
    }

    @Test
    void holdsWhatWasTakenOverAndNothingBeforeThatIsRead() throws IOException {
        try (Head own = head("own");
                Head peer = head("peer")) {
            NameHints hints = new NameHints(own, nowMs::get);
            hints.watch(own);
            List<List<SeriesSource>> taken = new ArrayList<>(List.of(List.of()));
            hints.taken(taken::getLast);
            hints.round();
            assertThat(hints.number()).isEqualTo(1);

            hints.watch(peer);
            append(peer.appender("o"), "c_total");
            taken.add(List.of(peer));
            assertThat(hints.number()).isZero();
            nowMs.addAndGet(NameHints.PAUSE_MS);
            hints.round();
            assertThat(hints.number()).isEqualTo(2);
            assertThat(holds(hints, "c_total")).isTrue();

            taken.add(List.of());
            assertThat(hints.number()).isZero();
        }
    }

    /// Whoever sees a number and then a filter of that number finds every name in it that was there
    /// before he looked.
    @Test
    void neverMissesANameThatComesWhileTheFilterIsMade() throws Exception {
        try (Head head = head("own")) {
            NameHints hints = new NameHints(head, nowMs::get);
            hints.watch(head);
            AtomicInteger appended = new AtomicInteger();
            Thread writer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    SampleAppender appender = head.appender("o");
                                    for (int i = 0; i < NAMES; i++) {
                                        append(appender, "name" + i + "_total");
                                        appended.set(i + 1);
                                    }
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            while (writer.isAlive()) {
                nowMs.addAndGet(NameHints.PAUSE_MS);
                hints.round();
                int there = appended.get();
                NameHints.Filter filter = hints.filter();
                if (filter != null) {
                    for (int i = Math.max(0, there - 20); i < there; i++) {
                        assertThat(holds(filter, "name" + i + "_total"))
                                .as("name %d of %d", i, there)
                                .isTrue();
                    }
                }
            }
            writer.join();
            nowMs.addAndGet(NameHints.PAUSE_MS);
            hints.round();
            assertThat(hints.number()).isPositive();
            assertThat(holds(hints, "name" + (NAMES - 1) + "_total")).isTrue();
        }
    }

    private static boolean holds(NameHints hints, String name) {
        NameHints.Filter filter = hints.filter();
        return filter != null && holds(filter, name);
    }

    private static boolean holds(NameHints.Filter filter, String name) {
        return NameFilter.mayHold(filter.bytes(), NameFilter.entry(name));
    }
}
