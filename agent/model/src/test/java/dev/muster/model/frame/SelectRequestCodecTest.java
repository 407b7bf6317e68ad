package dev.muster.model.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.time.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectRequestCodecTest {
    private static final SelectRequest REQUEST =
            new SelectRequest(
                    new TimeRange(-5, 7),
                    List.of(
                            LabelMatcher.equal("__name__", "up"),
                            LabelMatcher.notEqual("a", ""),
                            LabelMatcher.regex("b", "x|y.*"),
                            LabelMatcher.notRegex("ü", "z+")),
                    false,
                    ReadBudget.UNLIMITED);

    @Test
    void aRequestComesBack() throws FrameFormatException {
        assertThat(
                        SelectRequestCodec.decode(
                                SelectRequestCodec.encode(REQUEST), ReadBudget.UNLIMITED))
                .isEqualTo(REQUEST);
    }

    @Test
    void aDamagedRequestIsRefused() {
        byte[] whole = SelectRequestCodec.encode(REQUEST);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> SelectRequestCodec.decode(damaged, ReadBudget.UNLIMITED))
                    .as("bit=%d", bit)
                    .isInstanceOf(FrameFormatException.class);
        }
    }

    @Test
    void aRequestOfAnotherSizeIsRefusedUnread() {
        assertThatThrownBy(() -> SelectRequestCodec.decode(new byte[3], ReadBudget.UNLIMITED))
                .hasMessage("select request: size must be 8 to 1048576 bytes: found=3");
    }
}
