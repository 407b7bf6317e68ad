package dev.muster.model.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExemplarCodecTest {
    private static final ExemplarRequest REQUEST =
            new ExemplarRequest(
                    new TimeRange(-5, 7),
                    List.of(
                            List.of(
                                    LabelMatcher.equal("__name__", "up"),
                                    LabelMatcher.regex("a", "x|y")),
                            List.of(LabelMatcher.notEqual("b", ""))));

    private static final List<SeriesExemplars> SERIES =
            List.of(
                    new SeriesExemplars(
                            Labels.of("__name__", "a"),
                            List.of(
                                    new Exemplar(Labels.of("trace_id", "ü"), 0.5, 1_000),
                                    new Exemplar(Labels.of(), Double.NaN, -3))),
                    new SeriesExemplars(Labels.of("__name__", "b"), List.of()));

    @Test
    void aRequestComesBack() throws FrameFormatException {
        assertThat(ExemplarCodec.decodeRequest(ExemplarCodec.encode(REQUEST))).isEqualTo(REQUEST);
    }

    @Test
    void anAnswerComesBack() throws FrameFormatException {
        assertThat(ExemplarCodec.decodeAnswer(ExemplarCodec.encode(SERIES), ReadBudget.UNLIMITED))
                .isEqualTo(new ExemplarAnswer(SERIES, false));
    }

    @Test
    void anAnswerThatWouldBeTooLargeIsCutAndSaysSo() throws FrameFormatException {
        List<SeriesExemplars> many = new ArrayList<>();
        String text = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            many.add(
                    new SeriesExemplars(
                            Labels.of("i", String.format("%02d", i)),
                            List.of(new Exemplar(Labels.of("trace_id", text), i, i))));
        }
        byte[] bytes = ExemplarCodec.encode(many);
        ExemplarAnswer answer = ExemplarCodec.decodeAnswer(bytes, ReadBudget.UNLIMITED);

        assertThat(bytes.length).isLessThanOrEqualTo(ExemplarCodec.ANSWER_LIMIT_BYTES);
        assertThat(answer.cut()).isTrue();
        assertThat(answer.series()).isEqualTo(many.subList(0, 15));
    }

    @Test
    void whatIsDamagedIsRefused() {
        byte[] request = ExemplarCodec.encode(REQUEST);
        byte[] answer = ExemplarCodec.encode(SERIES);
        for (int bit = 0; bit < request.length * 8; bit++) {
            byte[] damaged = flipped(request, bit);
            assertThatThrownBy(() -> ExemplarCodec.decodeRequest(damaged))
                    .as("request bit=%d", bit)
                    .isInstanceOf(FrameFormatException.class);
        }
        for (int bit = 0; bit < answer.length * 8; bit++) {
            byte[] damaged = flipped(answer, bit);
            assertThatThrownBy(() -> ExemplarCodec.decodeAnswer(damaged, ReadBudget.UNLIMITED))
                    .as("answer bit=%d", bit)
                    .isInstanceOf(FrameFormatException.class);
        }
        for (int length = 0; length < answer.length; length++) {
            byte[] cut = Arrays.copyOf(answer, length);
            assertThatThrownBy(() -> ExemplarCodec.decodeAnswer(cut, ReadBudget.UNLIMITED))
                    .as("answer length=%d", length)
                    .isInstanceOf(FrameFormatException.class);
        }
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] damaged = bytes.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        return damaged;
    }
}
