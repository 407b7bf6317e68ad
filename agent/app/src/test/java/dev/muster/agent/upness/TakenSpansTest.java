package dev.muster.agent.upness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakenSpansTest {
    private static final UpnessTarget WEB = new UpnessTarget("c1", "a", "web", "a:80");

    private static UpnessEntry entry(long atMs, UpnessProvenance by, String... witnesses) {
        return new UpnessEntry(
                WEB,
                "",
                "",
                atMs,
                atMs,
                0,
                UpnessState.UNKNOWN,
                UpnessState.UP,
                "",
                "",
                by,
                0,
                List.of(witnesses));
    }

    private static UpnessRun run(String observer, UpnessEntry... entries) {
        return new UpnessRun("c1", observer, 1, 0, 10_000, false, List.of(entries));
    }

    @Test
    void aTimeBeginsWithAPeerAndEndsWithTheAgentItself() {
        List<TakenSpans.Span> spans =
                TakenSpans.of(
                        List.of(
                                run(
                                        "b",
                                        entry(100, UpnessProvenance.OWN),
                                        entry(200, UpnessProvenance.PEER, "b"),
                                        entry(250, UpnessProvenance.PEER, "b", "c"),
                                        entry(400, UpnessProvenance.OWN)),
                                run("c", entry(200, UpnessProvenance.PEER, "b"))));
        assertThat(spans).containsExactly(new TakenSpans.Span(200, 400, List.of("b", "c")));
    }

    @Test
    void itGoesOnWhileNobodyElseTells() {
        assertThat(TakenSpans.of(List.of(run("b", entry(200, UpnessProvenance.PEER, "b")))))
                .containsExactly(new TakenSpans.Span(200, 0, List.of("b")));
        assertThat(TakenSpans.of(List.of(run("b", entry(200, UpnessProvenance.OWN))))).isEmpty();
    }
}
