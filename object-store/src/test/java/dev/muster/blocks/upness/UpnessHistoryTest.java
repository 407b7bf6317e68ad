package dev.muster.blocks.upness;

import static dev.muster.blocks.upness.UpnessSamples.HOST;
import static dev.muster.blocks.upness.UpnessSamples.SERVICE;
import static dev.muster.blocks.upness.UpnessSamples.T;
import static dev.muster.blocks.upness.UpnessSamples.entry;
import static dev.muster.blocks.upness.UpnessSamples.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UpnessHistoryTest {
    private static final TimeRange RANGE = new TimeRange(T, T + 120_000);

    /// Such as `up(own) 0-59.7`, in seconds after T.
    private static List<String> spans(List<UpnessRun> runs, UpnessTarget target) {
        return UpnessHistory.of(runs, RANGE).getOrDefault(target, List.of()).stream()
                .map(span ->
                        "%s(%s%s) %s-%s"
                                .formatted(
                                        span.state().label(),
                                        span.provenance().label(),
                                        span.cause().isEmpty() ? "" : " " + span.cause(),
                                        (span.fromMs() - T) / 1000.0,
                                        (span.untilMs() - T) / 1000.0))
                .toList();
    }

    @Test
    void aDeathIsBackdatedToTheLastWordThatAnyoneHeard() {
        List<UpnessRun> runs = UpnessSamples.death();

        assertThat(spans(runs, HOST))
                .containsExactly(
                        "up(own) 0.0-59.8", "down(host host_down) 59.8-90.2", "up(own) 90.2-120.0");
        assertThat(spans(runs, SERVICE))
                .containsExactly(
                        "up(own) 0.0-59.8", "down(host host_down) 59.8-91.0", "up(own) 91.0-120.0");
    }

    @Test
    void ownIsBelievedBeforePeerBeforeHostBeforeInferred() {
        List<UpnessRun> runs = new ArrayList<>();
        UpnessProvenance[] weakest = {
            UpnessProvenance.NONE,
            UpnessProvenance.INFERRED,
            UpnessProvenance.HOST,
            UpnessProvenance.PEER,
            UpnessProvenance.OWN
        };
        for (int i = 0; i < weakest.length; i++) {
            runs.add(
                    run(
                            "o" + i,
                            T,
                            T + 120_000,
                            entry(
                                    HOST,
                                    T + 10_000L * i,
                                    T + 10_000L * i,
                                    UpnessState.DOWN,
                                    "c" + i,
                                    weakest[i])));
        }
        assertThat(spans(runs, HOST))
                .containsExactly(
                        "down(none c0) 0.0-10.0",
                        "down(inferred c1) 10.0-20.0",
                        "down(host c2) 20.0-30.0",
                        "down(peer c3) 30.0-40.0",
                        "down(own c4) 40.0-120.0");
    }

    @Test
    void knowledgeGoesBeforeIgnorance() {
        var isolated =
                run(
                        "web-9",
                        T,
                        T + 120_000,
                        entry(
                                HOST,
                                T + 10_000,
                                T + 12_000,
                                UpnessState.UNKNOWN,
                                "partition",
                                UpnessProvenance.OWN));
        var other =
                run(
                        "web-2",
                        T,
                        T + 60_000,
                        entry(HOST, T, T, UpnessState.UP, "", UpnessProvenance.NONE));

        assertThat(spans(List.of(isolated, other), HOST))
                .containsExactly("up(none) 0.0-60.0", "unknown(own partition) 60.0-120.0");
    }

    @Test
    void whereNobodyLoggedNothingIsKnownAndNothingGuessed() {
        var first =
                run(
                        "web-1",
                        T + 5000,
                        T + 20_000,
                        entry(HOST, T + 5000, T + 5000, UpnessState.UP, "", UpnessProvenance.OWN));
        var second =
                new UpnessRun(
                        "c1",
                        "web-1",
                        8,
                        T + 40_000,
                        T + 120_000,
                        false,
                        List.of(
                                entry(
                                        HOST,
                                        T + 40_000,
                                        T + 40_000,
                                        UpnessState.UP,
                                        "",
                                        UpnessProvenance.OWN)));

        assertThat(spans(List.of(first, second), HOST))
                .containsExactly(
                        "up(own) 5.0-20.0",
                        "unknown(none not_logged) 20.0-40.0",
                        "up(own) 40.0-120.0");
    }

    @Test
    void aNewRunDoesNotBelieveWhatTheOldOneHeld() {
        var first =
                run(
                        "web-2",
                        T,
                        T + 20_000,
                        entry(SERVICE, T, T, UpnessState.UP, "", UpnessProvenance.OWN));
        var second = new UpnessRun("c1", "web-2", 8, T + 20_000, T + 120_000, false, List.of());

        assertThat(spans(List.of(first, second), SERVICE))
                .containsExactly("up(own) 0.0-20.0", "unknown(none not_logged) 20.0-120.0");
    }

    @Test
    void aCorrectionReplacesWhatItCorrectsWhoeverHasIt() {
        var stale =
                run(
                        "web-2",
                        T,
                        T + 120_000,
                        entry(HOST, T, T, UpnessState.UP, "", UpnessProvenance.OWN),
                        entry(
                                HOST,
                                T + 9000,
                                T + 9000,
                                UpnessState.DOWN,
                                "x",
                                UpnessProvenance.OWN));
        var corrected =
                run(
                        "web-3",
                        T,
                        T + 120_000,
                        entry(HOST, T, T, UpnessState.UP, "", UpnessProvenance.OWN),
                        entry(
                                HOST,
                                T + 9000,
                                T + 30_000,
                                0,
                                UpnessState.MAINT,
                                "maint",
                                UpnessProvenance.OWN,
                                1));

        assertThat(spans(List.of(stale, corrected), HOST))
                .containsExactly("up(own) 0.0-9.0", "maint(own maint) 9.0-120.0");
    }

    @Test
    void whatIsConcludedLaterFillsTheHoleAndNoMore() {
        var before =
                run(
                        "web-1",
                        T,
                        T + 20_000,
                        entry(SERVICE, T, T, UpnessState.UP, "", UpnessProvenance.OWN));
        var after =
                new UpnessRun(
                        "c1",
                        "web-1",
                        8,
                        T + 40_000,
                        T + 120_000,
                        false,
                        List.of(
                                entry(
                                        SERVICE,
                                        T + 41_000,
                                        T + 41_000,
                                        UpnessState.UP,
                                        "",
                                        UpnessProvenance.OWN),
                                entry(
                                        SERVICE,
                                        T + 20_000,
                                        T + 46_000,
                                        T + 41_000,
                                        UpnessState.UP,
                                        "",
                                        UpnessProvenance.INFERRED,
                                        0)));

        assertThat(spans(List.of(before, after), SERVICE))
                .containsExactly(
                        "up(own) 0.0-20.0", "up(inferred) 20.0-41.0", "up(own) 41.0-120.0");
    }

    @Test
    void anObserverThatWasCutOffIsNotBelievedForItsLastMomentsOfOthers() {
        var cut =
                new UpnessRun(
                        "c1",
                        "web-2",
                        1,
                        T,
                        T + 60_000,
                        true,
                        List.of(
                                entry(HOST, T, T, UpnessState.UP, "", UpnessProvenance.OWN),
                                entry(
                                        UpnessTarget.ofHost("c1", "web-2"),
                                        T,
                                        T,
                                        UpnessState.UP,
                                        "",
                                        UpnessProvenance.OWN)));

        assertThat(spans(List.of(cut), HOST)).first().isEqualTo("up(own) 0.0-56.0");
        assertThat(spans(List.of(cut), UpnessTarget.ofHost("c1", "web-2")))
                .first()
                .isEqualTo("up(own) 0.0-60.0");
    }

    @Test
    void windowsOfOneRunAreReadAsOne() {
        var first =
                run(
                        "web-2",
                        T,
                        T + 60_000,
                        entry(HOST, T, T, UpnessState.UP, "", UpnessProvenance.OWN));
        var second =
                run(
                        "web-2",
                        T + 60_000,
                        T + 120_000,
                        entry(HOST, T, T, UpnessState.UP, "", UpnessProvenance.OWN),
                        entry(
                                HOST,
                                T + 58_500,
                                T + 61_000,
                                UpnessState.DOWN,
                                "host_down",
                                UpnessProvenance.HOST));

        assertThat(spans(List.of(second, first), HOST))
                .containsExactly("up(own) 0.0-58.5", "down(host host_down) 58.5-120.0");
    }

    @Test
    void whoLeftHasNoSeries() {
        var run =
                run(
                        "web-2",
                        T,
                        T + 60_000,
                        entry(SERVICE, T, T, UpnessState.UP, "", UpnessProvenance.OWN),
                        entry(
                                SERVICE,
                                T + 30_000,
                                T + 30_000,
                                UpnessState.LEFT,
                                "left",
                                UpnessProvenance.NONE));

        assertThat(spans(List.of(run), SERVICE)).containsExactly("up(own) 0.0-30.0");
    }

    @Test
    void eachMomentHasOneValueWhateverTheOrderAndHoweverOftenLogsAreRead() {
        for (long seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            List<UpnessRun> runs = UpnessSamples.random(random);
            var range = new TimeRange(T, T + 7_200_000);
            var once = UpnessHistory.of(runs, range);
            List<UpnessRun> twice = new ArrayList<>(runs);
            twice.addAll(runs);
            Collections.shuffle(twice, random);

            assertThat(UpnessHistory.of(twice, range)).as("seed=%d", seed).isEqualTo(once);
            for (List<UpnessSpan> spans : once.values()) {
                for (int i = 1; i < spans.size(); i++) {
                    assertThat(spans.get(i).fromMs())
                            .as("seed=%d", seed)
                            .isGreaterThanOrEqualTo(spans.get(i - 1).untilMs());
                }
            }
        }
    }
}
