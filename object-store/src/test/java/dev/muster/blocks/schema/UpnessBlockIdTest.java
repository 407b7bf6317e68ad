package dev.muster.blocks.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.time.TimeRange;
import org.junit.jupiter.api.Test;

class UpnessBlockIdTest {
    private static final TimeRange WINDOW = new TimeRange(1_795_348_800_000L, 1_795_356_000_000L);

    @Test
    void namesItsFile() {
        var id = new UpnessBlockId("c1", "web-1", WINDOW, 0);

        assertThat(id.key())
                .isEqualTo(
                        "v1/upness/level=L0/date=2026-11-22/cell=c1/web-1-1795348800000-1795356000000.parquet");
        assertThat(UpnessBlockId.ofKey(id.key())).contains(id);
    }

    @Test
    void namesWhatWasConcludedLater() {
        var id = new UpnessBlockId("a/b", "x-1-2-late-3", WINDOW, 1_795_363_200_000L);

        assertThat(id.key())
                .endsWith(
                        "/cell=a%2Fb/x-1-2-late-3-1795348800000-1795356000000-late-1795363200000.parquet");
        assertThat(UpnessBlockId.ofKey(id.key())).contains(id);
    }

    @Test
    void knowsNoOtherKeys() {
        assertThat(
                        UpnessBlockId.ofKey(
                                "v1/series/level=L0/date=2026-11-22/cell=c1/web-1-1795348800000-1795356000000.parquet"))
                .isEmpty();
    }
}
