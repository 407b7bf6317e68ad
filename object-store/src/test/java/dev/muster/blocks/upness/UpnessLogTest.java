package dev.muster.blocks.upness;

import static dev.muster.blocks.upness.UpnessSamples.T;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UpnessLogTest {
    /// Where each record of [#log] ends.
    private final List<Integer> ends = new ArrayList<>();

    private byte[] log(List<UpnessRun> runs) {
        var encoder = new UpnessEncoder();
        var out = new ByteArrayOutputStream();
        ends.clear();
        add(out, encoder.magic());
        for (UpnessRun run : runs) {
            add(out, encoder.begin(run.cell(), run.observer(), run.incarnation(), run.fromMs()));
            for (UpnessEntry entry : run.entries()) {
                add(out, encoder.entry(entry, entry.decidedMs() < run.fromMs()));
            }
            add(out, encoder.mark(run.untilMs() - 1));
            add(out, encoder.end(run.untilMs(), run.cut()));
        }
        add(out, encoder.done());
        return out.toByteArray();
    }

    private void add(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(bytes);
        ends.add(out.size());
    }

    @Test
    void readsWhatWasWritten() {
        UpnessDecoder.Log log = UpnessDecoder.read(log(UpnessSamples.death()));

        assertThat(log.runs()).isEqualTo(UpnessSamples.death());
        assertThat(log.done()).isTrue();
        assertThat(log.open()).isFalse();
        assertThat(log.error()).isEmpty();
    }

    @Test
    void readsAnythingThatWasWritten() {
        for (long seed = 0; seed < 200; seed++) {
            List<UpnessRun> runs =
                    UpnessSamples.random(new Random(seed)).stream()
                            .map(UpnessLogTest::coveringItsEntries)
                            .toList();
            assertThat(UpnessDecoder.read(log(runs)).runs()).as("seed=%d", seed).isEqualTo(runs);
        }
    }

    /// A log is not older than its newest entry.
    private static UpnessRun coveringItsEntries(UpnessRun run) {
        long lastMs = run.entries().stream().mapToLong(UpnessEntry::decidedMs).max().orElse(0);
        return new UpnessRun(
                run.cell(),
                run.observer(),
                run.incarnation(),
                run.fromMs(),
                Math.max(run.untilMs(), lastMs),
                run.cut(),
                run.entries());
    }

    @Test
    void goldenLogStaysReadable() throws IOException {
        String write = System.getProperty("golden");
        if (write != null) {
            Files.write(Path.of(write, "upness-1.log"), log(UpnessSamples.death()));
        }
        try (InputStream in = UpnessLogTest.class.getResourceAsStream("/golden/upness-1.log")) {
            byte[] golden = Objects.requireNonNull(in).readAllBytes();
            assertThat(UpnessDecoder.read(golden).runs()).isEqualTo(UpnessSamples.death());
            assertThat(log(UpnessSamples.death())).isEqualTo(golden);
        }
    }

    @Test
    void aLogTornAtAnyByteIsReadUpToItsLastWholeRecord() {
        byte[] whole = log(UpnessSamples.death());
        for (int length = 0; length < whole.length; length++) {
            UpnessDecoder.Log log = UpnessDecoder.read(Arrays.copyOf(whole, length));
            int cut = length;
            int good = ends.stream().filter(end -> end <= cut).mapToInt(end -> end).max().orElse(0);
            assertThat(log.goodBytes()).as("length=%d", length).isEqualTo(good);
            assertThat(log.done()).as("length=%d", length).isFalse();
            assertThat(log.error().isEmpty())
                    .as("length=%d", length)
                    .isEqualTo(good == length && good > 0);
        }
    }

    @Test
    void aFlippedBitAnywhereIsFoundAndNothingBehindItBelieved() {
        byte[] whole = log(UpnessSamples.death());
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            int at = i;
            int good = ends.stream().filter(end -> end <= at).mapToInt(end -> end).max().orElse(0);
            UpnessDecoder.Log log = UpnessDecoder.read(flipped);
            assertThat(log.goodBytes()).as("byte=%d", i).isEqualTo(good);
            assertThat(log.error()).as("byte=%d", i).isNotEmpty();
        }
    }

    @Test
    void aLogThatWasNotEndedIsOpen() {
        var encoder = new UpnessEncoder();
        var out = new ByteArrayOutputStream();
        out.writeBytes(encoder.magic());
        out.writeBytes(encoder.begin("c1", "web-1", 3, T));
        out.writeBytes(encoder.mark(T + 500));

        UpnessDecoder.Log log = UpnessDecoder.read(out.toByteArray());

        assertThat(log.open()).isTrue();
        assertThat(log.runs())
                .containsExactly(new UpnessRun("c1", "web-1", 3, T, T + 500, true, List.of()));
    }

    @Test
    void aChangeTakesLessThanAHundredBytes() {
        log(UpnessSamples.death());
        int firstChangeOfSecondRun = ends.get(12) - ends.get(11);
        assertThat(firstChangeOfSecondRun).isLessThan(40);
    }
}
