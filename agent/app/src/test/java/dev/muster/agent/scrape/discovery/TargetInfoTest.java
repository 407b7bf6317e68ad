package dev.muster.agent.scrape.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import org.junit.jupiter.api.Test;

class TargetInfoTest {
    private static final Labels TARGET = Labels.of("instance", "h:1", "job", "web", "team", "core");

    @Test
    void takesWhatBeginsAsItShould() {
        assertThat(
                        TargetInfo.of(
                                Labels.of(
                                        "__info_owner", "ann",
                                        "__info_run-book.url", "https://x/y",
                                        "__info_9lives", "cat",
                                        "__info_empty", "",
                                        "__meta_other", "x"),
                                TARGET))
                .isEqualTo(
                        Labels.of("_9lives", "cat", "owner", "ann", "run_book_url", "https://x/y"));
    }

    @Test
    void leavesTheTargetsLabelsAndPromQlsNamesAlone() {
        assertThat(
                        TargetInfo.of(
                                Labels.of(
                                        "__info_job", "x",
                                        "__info_team", "x",
                                        "__info___name__", "x",
                                        "__info_", "x"),
                                TARGET))
                .isEqualTo(Labels.EMPTY);
    }

    @Test
    void isBounded() {
        Labels.Builder many = Labels.builder();
        for (int i = 0; i < 100; i++) {
            many.set("__info_k" + i, "v");
        }
        assertThat(TargetInfo.of(many.build(), TARGET).size()).isEqualTo(TargetInfo.LABELS_LIMIT);
        Labels cut =
                TargetInfo.of(
                        Labels.of(
                                "__info_v",
                                "v".repeat(511) + "\uD83D\uDE00",
                                "__info_" + "n".repeat(65),
                                "x"),
                        TARGET);
        assertThat(cut).isEqualTo(Labels.of("v", "v".repeat(511)));
    }
}
