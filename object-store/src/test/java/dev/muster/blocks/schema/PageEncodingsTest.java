package dev.muster.blocks.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageEncodingsTest {
    @Test
    void countsPagesThatAreEncodedAlike() {
        List<String> names = List.of("PLAIN", "PLAIN", "BYTE_STREAM_SPLIT", "PLAIN");
        String text = PageEncodings.text(names);

        assertThat(text).isEqualTo("PLAIN 2,BYTE_STREAM_SPLIT 1,PLAIN 1");
        assertThat(PageEncodings.names(text, 4)).isEqualTo(names);
        assertThat(PageEncodings.names(PageEncodings.text(List.of()), 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PLAIN",
                "PLAIN 3",
                "PLAIN 5",
                "PLAIN 4,",
                "PLAIN 0,PLAIN 4",
                "PLAIN -1,PLAIN 5",
                "PLAIN 4 ",
                "PLAIN 2147483648",
                " 3"
            })
    void refusesWhatIsNotOfAsManyPages(String text) {
        assertThatThrownBy(() -> PageEncodings.names(text, 4))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
