package dev.muster.model.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void sortsByNameAndDropsEmptyValues() {
        Labels labels = Labels.of("b", "2", "__name__", "up", "empty", "", "a", "1");

        assertThat(labels.size()).isEqualTo(3);
        assertThat(labels.metric()).isEqualTo("up");
        assertThat(labels.name(1)).isEqualTo("a");
        assertThat(labels.get("empty")).isNull();
        assertThat(labels.valueOf("empty")).isEmpty();
        assertThat(labels)
                .hasToString("up{a=\"1\", b=\"2\"}")
                .isEqualTo(Labels.of("a", "1", "b", "2", "__name__", "up"));
    }

    @Test
    void refusesANameTwiceAndAnEmptyName() {
        assertThatThrownBy(() -> Labels.of("a", "1", "a", "2"))
                .hasMessage("label name must be unique: name=a");
        assertThatThrownBy(() -> Labels.of("", "1"))
                .hasMessage("label name must not be empty: value=1");
    }

    @Test
    void ordersAsUtf8BytesDo() {
        Labels belowSurrogates = Labels.of("a", "\uffee");
        Labels aboveSurrogates = Labels.of("a", "\ud83d\ude00");

        assertThat(belowSurrogates).isLessThan(aboveSurrogates);
        assertThat(Labels.of("a", "1")).isLessThan(Labels.of("a", "1", "b", "1"));
        assertThat(Labels.of("Z", "1")).isLessThan(Labels.of("__name__", "x"));
    }

    @Test
    void canonicalBytesTellNamesFromValues() {
        assertThat(Labels.of("a", "bc").canonicalBytes())
                .isNotEqualTo(Labels.of("ab", "c").canonicalBytes());
        assertThat(new String(Labels.of("a", "b").canonicalBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("a\u00ffb\u00ff");
    }

    @Test
    void seriesIdIsTheSameForGood() {
        assertThat(Labels.of("__name__", "up", "job", "node").seriesId())
                .isEqualTo(0x85D666C28B445BB9L);
        assertThat(Labels.EMPTY.seriesId()).isEqualTo(0x2D06800538D394C2L);
    }

    @Test
    void quotesNamesThatNeedIt() {
        assertThat(Labels.of("__name__", "my.metric", "a b", "x\n\""))
                .hasToString("{\"my.metric\", \"a b\"=\"x\\n\\\"\"}");
        assertThat(Labels.of("__name__", "up")).hasToString("up");
        assertThat(Labels.EMPTY).hasToString("{}");
    }

    @Test
    void projects() {
        Labels labels = Labels.of("a", "1", "b", "2", "c", "3");

        assertThat(labels.only(List.of("a", "x"))).isEqualTo(Labels.of("a", "1"));
        assertThat(labels.without(List.of("a", "x"))).isEqualTo(Labels.of("b", "2", "c", "3"));
    }
}
