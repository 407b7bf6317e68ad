package dev.muster.agent.intake.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.intake.Proto;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.append.StoreUse;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteWriteTest {
    private static final long NOW = IntakeRig.NOW_MS;
    private static final String SECOND =
            "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    @TempDir Path directory;
    private IntakeRig rig;
    private RemoteWrite write;

    @BeforeEach
    void open() throws IOException {
        rig = new IntakeRig(directory.resolve("head"));
        write = new RemoteWrite(rig.intake);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static Consumer<Proto> series(Consumer<Proto> points, String... labels) {
        return series -> {
            for (int i = 0; i < labels.length; i += 2) {
                String name = labels[i];
                String value = labels[i + 1];
                series.message(1, label -> label.text(1, name).text(2, value));
            }
            points.accept(series);
        };
    }

    private static Consumer<Proto> sample(double value, long timestampMs) {
        return sample -> sample.real(1, value).number(2, timestampMs);
    }

    private PushAnswer first(Consumer<Proto> request, String... headers)
            throws PushRefusedException {
        return write.handle(IntakeRig.request(Proto.of(request), headers));
    }

    private PushAnswer second(Consumer<Proto> request) throws PushRefusedException {
        return write.handle(IntakeRig.request(Proto.of(request), "Content-Type", SECOND));
    }

    @Test
    void storesSamplesWithTheLabelsThatScrapedOnesGet() throws Exception {
        PushAnswer answer =
                first(p ->
                        p.message(
                                        1,
                                        series(
                                                s ->
                                                        s.message(2, sample(1, NOW - 2_000))
                                                                .message(2, sample(2, NOW - 1_000)),
                                                "__name__",
                                                "a_total",
                                                "job",
                                                "j",
                                                "instance",
                                                "i"))
                                .message(
                                        1,
                                        series(
                                                s -> s.message(2, sample(7, NOW - 1_000)),
                                                "__name__",
                                                "b",
                                                "host",
                                                "own")));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(rig.samples().toString())
                .isEqualTo(
                        "{a_total{host=\"h1\", instance=\"i\", job=\"j\"}=[1.0, 2.0],"
                                + " b{host=\"own\"}=[7.0]}");
        assertThat(rig.metrics())
                .contains("muster_intake_samples_total 3")
                .contains("muster_intake_origins 2");
    }

    @Test
    void forwardedSeriesKeepTheirLabelsAlone() throws Exception {
        first(
                p ->
                        p.message(
                                1,
                                series(s -> s.message(2, sample(1, NOW)), "__name__", "job:a:sum")),
                "Muster-Origin",
                "rules/a.yml%3Bg");
        assertThat(rig.samples()).containsOnlyKeys("job:a:sum");
    }

    @Test
    void takesTheSameAgainAndRefusesAnotherValue() throws Exception {
        Consumer<Proto> request =
                p -> p.message(1, series(s -> s.message(2, sample(1, NOW)), "__name__", "a"));
        assertThat(first(request).status()).isEqualTo(204);
        assertThat(first(request).status()).isEqualTo(204);
        PushAnswer other =
                first(p ->
                        p.message(
                                1,
                                series(
                                        s ->
                                                s.message(2, sample(2, NOW))
                                                        .message(2, sample(3, NOW - 86_400_000))
                                                        .message(2, sample(4, NOW + 86_400_000)),
                                        "__name__",
                                        "a")));
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.text())
                .startsWith("samples refused: duplicate=1 too_old=1 too_far_ahead=1 examples: ");
        assertThat(rig.samples().values()).containsExactly(List.of(1.0));
        assertThat(rig.metrics())
                .contains("muster_intake_samples_refused_total{reason=\"too_old\"} 1");
    }

    @Test
    void takesWhatComesOutOfOrder() throws Exception {
        for (long back : new long[] {0, 3_000, 1_000, 2_000}) {
            first(p ->
                    p.message(
                            1,
                            series(
                                    s -> s.message(2, sample(back, NOW - back)),
                                    "__name__",
                                    "a",
                                    "job",
                                    "j")));
        }
        assertThat(rig.columns("a").size()).isEqualTo(4);
        assertThat(rig.columns("a").timestampsMs()[0]).isEqualTo(NOW - 3_000);
    }

    @Test
    void keepsTheBitsOfStalenessMarkers() throws Exception {
        first(p ->
                p.message(
                        1,
                        series(s -> s.message(2, sample(Staleness.STALE, NOW)), "__name__", "a")));
        assertThat(Staleness.isStale(rig.columns("a").values()[0])).isTrue();
    }

    private static void histogram(Proto h, long timestampMs) {
        h.number(1, 12)
                .real(3, 18.4)
                .signed(4, 1)
                .real(5, 0.001)
                .number(6, 2)
                .message(11, span -> span.signed(1, 0).number(2, 2))
                .message(11, span -> span.signed(1, 1).number(2, 2))
                .packedSigned(12, 1, 1, -1, 0)
                .message(8, span -> span.signed(1, 0).number(2, 2))
                .packedSigned(9, 2, 1)
                .number(15, timestampMs);
    }

    @Test
    void storesNativeHistogramsOfBothKinds() throws Exception {
        PushAnswer answer =
                first(p ->
                        p.message(
                                1,
                                series(
                                        s -> s.message(4, h -> histogram(h, NOW)),
                                        "__name__",
                                        "latency")));
        assertThat(answer.text()).isEmpty();
        NativeHistogram stored = Objects.requireNonNull(rig.columns("latency").histogram(0));
        assertThat(stored.count()).isEqualTo(12);
        assertThat(stored.positive().toString()).isEqualTo("{0:1.0, 1:2.0, 3:1.0, 4:1.0}");
        first(p ->
                p.message(
                        1,
                        series(
                                s ->
                                        s.message(
                                                4,
                                                h ->
                                                        h.real(2, 3)
                                                                .real(3, 9)
                                                                .signed(4, -53)
                                                                .message(
                                                                        11,
                                                                        span -> span.number(2, 2))
                                                                .packedReal(13, 1, 2)
                                                                .packedReal(16, 0.5, 5)
                                                                .number(15, NOW)),
                                "__name__",
                                "custom")));
        NativeHistogram custom = Objects.requireNonNull(rig.columns("custom").histogram(0));
        assertThat(custom.customBounds()).containsExactly(0.5, 5);
        assertThat(custom.positive().toString()).isEqualTo("{0:1.0, 1:2.0}");
    }

    @Test
    void readsTheSecondVersionWhole() throws Exception {
        PushAnswer answer =
                second(p ->
                        p.message(
                                        5,
                                        s ->
                                                s.packed(1, 1, 2, 3, 4)
                                                        .message(2, sample(5, NOW))
                                                        .message(
                                                                4,
                                                                e ->
                                                                        e.packed(1, 5, 6)
                                                                                .real(2, 0.3)
                                                                                .number(3, NOW))
                                                        .message(
                                                                5, m -> m.number(1, 1).number(3, 7))
                                                        .number(6, NOW - 60_000))
                                .message(
                                        5,
                                        s -> s.packed(1, 1, 8).message(3, h -> histogram(h, NOW)))
                                .text(4, "")
                                .text(4, "__name__")
                                .text(4, "c_total")
                                .text(4, "job")
                                .text(4, "j")
                                .text(4, "trace_id")
                                .text(4, "abc")
                                .text(4, "Calls.")
                                .text(4, "h"));
        assertThat(answer.text()).isEmpty();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers())
                .containsEntry("X-Prometheus-Remote-Write-Samples-Written", "1")
                .containsEntry("X-Prometheus-Remote-Write-Histograms-Written", "1")
                .containsEntry("X-Prometheus-Remote-Write-Exemplars-Written", "1");
        SampleColumns counter = rig.columns("c_total");
        assertThat(counter.values()[0]).isEqualTo(5);
        assertThat(counter.startMs(0)).isEqualTo(NOW - 60_000);
        List<SeriesExemplars> exemplars =
                rig.head.exemplars(
                        new TimeRange(0, 2 * NOW),
                        List.of(List.of(LabelMatcher.equal("job", "j"))));
        assertThat(exemplars.getFirst().exemplars().getFirst().labels().toString())
                .isEqualTo("{trace_id=\"abc\"}");
    }

    @Test
    void writesTheRestOfARequestThatIsWrongInPart() throws Exception {
        PushAnswer answer =
                second(p ->
                        p.text(4, "")
                                .text(4, "__name__")
                                .text(4, "a")
                                .message(5, s -> s.packed(1, 1, 9).message(2, sample(1, NOW)))
                                .message(5, s -> s.packed(1, 1).message(2, sample(1, NOW)))
                                .message(5, s -> s.packed(1, 1, 2, 1, 2).message(2, sample(1, NOW)))
                                .message(5, s -> s.packed(1, 1, 2).message(2, sample(1, NOW))));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .startsWith("samples refused: labels=3 examples: references must be pairs");
        assertThat(answer.headers())
                .containsEntry("X-Prometheus-Remote-Write-Samples-Written", "1");
        assertThatThrownBy(() -> second(p -> p.text(4, "x").message(5, s -> s.packed(1, 0, 0))))
                .isInstanceOf(PushRefusedException.class)
                .hasMessage("first symbol must be the empty text");
    }

    @Test
    void refusesAnotherContent() {
        for (String type : List.of("text/plain", "application/x-protobuf;proto=prometheus.Other")) {
            assertThatThrownBy(() ->
                            write.handle(IntakeRig.request(new byte[0], "Content-Type", type)))
                    .isInstanceOfSatisfying(
                            PushRefusedException.class, e -> assertThat(e.status()).isEqualTo(415));
        }
    }

    @Test
    void foldsAFloodOfSeries() throws Exception {
        rig.close();
        long limit = 2_000_000;
        Path place = directory.resolve("flooded");
        IntakeRig[] late = new IntakeRig[1];
        MemoryBudget budget =
                new MemoryBudget(
                        limit,
                        () ->
                                late[0] == null
                                        ? StoreUse.NOTHING
                                        : new StoreUse(late[0].head.footprint().bytes(), 0),
                        System::nanoTime);
        rig = new IntakeRig(place, budget, 100, ScrapeLimits.NONE);
        late[0] = rig;
        write = new RemoteWrite(rig.intake);
        int folded = 0;
        for (int request = 0; request < 20; request++) {
            int base = request * 2_000;
            PushAnswer answer =
                    first(p -> {
                        for (int i = 0; i < 2_000; i++) {
                            String user = "user-" + (base + i);
                            p.message(
                                    1,
                                    series(
                                            s -> s.message(2, sample(1, NOW)),
                                            "__name__",
                                            "m",
                                            "user",
                                            user));
                        }
                    });
            assertThat(answer.status()).isEqualTo(204);
            folded += Integer.parseInt(answer.headers().getOrDefault("Muster-Folded", "0"));
        }
        rig.intake.round();
        rig.settle();
        assertThat(folded).isPositive();
        assertThat(rig.samples().get("m{__overflow__=\"true\", host=\"h1\"}"))
                .containsExactly((double) folded);
        assertThat(rig.head.footprint().bytes()).isLessThan(2 * limit);
    }

    @Test
    void sharesAClockBeyondTheLimitOfOrigins() throws Exception {
        rig.close();
        rig =
                new IntakeRig(
                        directory.resolve("few"), MemoryBudget.unlimited(), 3, ScrapeLimits.NONE);
        write = new RemoteWrite(rig.intake);
        for (int i = 0; i < 8; i++) {
            String job = "j" + i;
            assertThat(
                            first(p ->
                                            p.message(
                                                    1,
                                                    series(
                                                            s -> s.message(2, sample(1, NOW)),
                                                            "__name__",
                                                            "a",
                                                            "job",
                                                            job)))
                                    .status())
                    .isEqualTo(204);
        }
        assertThat(rig.samples()).hasSize(8);
        assertThat(rig.metrics())
                .contains("muster_intake_origins 4")
                .contains("muster_intake_origins_shared_total 5");
    }

    @Test
    void survivesBytesOfAnyKind() throws Exception {
        byte[] good =
                Proto.of(p ->
                        p.message(
                                        1,
                                        series(
                                                s ->
                                                        s.message(2, sample(1, NOW))
                                                                .message(4, h -> histogram(h, NOW)),
                                                "__name__",
                                                "a",
                                                "job",
                                                "j"))
                                .text(4, "")
                                .text(4, "b")
                                .message(
                                        5,
                                        s ->
                                                s.packed(1, 0, 1)
                                                        .message(2, sample(1, NOW))
                                                        .message(3, h -> histogram(h, NOW))));
        long seed = Long.getLong("seed", 20_261);
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            String type = random.nextBoolean() ? SECOND : "application/x-protobuf";
            try {
                assertThat(write.handle(IntakeRig.request(bytes, "Content-Type", type)).status())
                        .as("seed=%d round=%d", seed, round)
                        .isIn(204, 400);
            } catch (PushRefusedException e) {
                assertThat(e.status()).isEqualTo(400);
            }
        }
    }
}
