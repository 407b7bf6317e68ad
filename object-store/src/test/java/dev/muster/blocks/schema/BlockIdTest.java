package dev.muster.blocks.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.model.time.TimeRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockIdTest {
    private static final TimeRange WINDOW = new TimeRange(1_795_348_800_000L, 1_795_356_000_000L);

    @Test
    void namesItsFiles() {
        BlockId id = new BlockId("c1", "web-1.example", WINDOW);

        assertThat(id.samplesKey())
                .isEqualTo(
                        "v1/samples/level=L0/date=2026-11-22/cell=c1/web-1.example-1795348800000-1795356000000.parquet");
        assertThat(id.seriesKey()).isEqualTo(id.samplesKey().replace("/samples/", "/series/"));
        assertThat(id.describe())
                .isEqualTo(
                        "block cell=c1 host=web-1.example from=2026-11-22T12:00:00Z"
                                + " to=2026-11-22T14:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-1-2", "..", "a/b", "a b", "ä€😀", "%41", "[::1]:9100", "c\n=d"})
    void findsItselfInItsKey(String text) {
        BlockId id = new BlockId(text, text, WINDOW);

        assertThat(BlockId.ofKey(id.seriesKey())).contains(id);
        assertThat(BlockId.ofKey(id.samplesKey())).contains(id);
        assertThat(id.seriesKey()).matches("[A-Za-z0-9._=%/-]+");
    }

    @ParameterizedTest
    @CsvSource({
        "v1/series/level=L0/date=2026-11-23/cell=c/h-1795348800000-1795356000000.parquet",
        "v1/series/level=L0/date=2026-11-22/cell=c/h-1795356000000-1795348800000.parquet",
        "v1/series/level=L9/date=2026-11-22/cell=c/h-1795348800000-1795356000000.parquet",
        "v1/series/level=L0/date=2026-11-22/cell=c/h-01795348800000-1795356000000.parquet",
        "v1/series/level=L0/date=2026-11-22/cell=c/h%4-1795348800000-1795356000000.parquet",
        "v1/series/level=L0/date=2026-11-22/cell=c/h%41-1795348800000-1795356000000.parquet",
        "v1/series/level=L0/date=2026-11-22/cell=c/x.txt",
        "other"
    })
    void doesNotTakeOtherKeys(String key) {
        assertThat(BlockId.ofKey(key)).isEmpty();
    }

    @Test
    void refusesWhatHasNoName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockId("", "h", WINDOW))
                .withMessageStartingWith("block id: cell must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockId("c", "h".repeat(201), WINDOW))
                .withMessageStartingWith("block id: host must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockId("c", "h", new TimeRange(-1, 5)))
                .withMessageStartingWith("block id: window must lie between");
    }

    @Test
    void namesWhoTookTheSamplesOfALostAgent() {
        BlockId own = new BlockId("c1", "web@1", new TimeRange(0, 7_200_000));
        BlockId taken = BlockId.taken("c1", "web@1", "web-7", new TimeRange(0, 7_200_000));
        assertThat(taken.seriesKey())
                .isEqualTo(
                        "v1/series/level=L0/date=1970-01-01/cell=c1/web%401@web-7-0-7200000.parquet");
        assertThat(BlockId.ofKey(taken.seriesKey())).contains(taken);
        assertThat(BlockId.ofKey(own.seriesKey())).contains(own);
        assertThat(own.isOwn()).isTrue();
        assertThat(taken.isOwn()).isFalse();
        assertThat(taken.describe())
                .isEqualTo(
                        "block cell=c1 host=web@1 by=web-7 from=1970-01-01T00:00:00Z"
                                + " to=1970-01-01T02:00:00Z");
        assertThat(BlockId.ofKey("v1/series/level=L0/date=1970-01-01/cell=c1/a@b@c-0-7.parquet"))
                .isEmpty();
    }
}
