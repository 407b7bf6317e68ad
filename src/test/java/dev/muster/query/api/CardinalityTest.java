package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardinalityTest {
    @Test
    void countsSeriesPairsAndBytes() {
        MemorySource source = new MemorySource();
        source.add(Labels.of("__name__", "up", "job", "a"), 1, 1);
        source.add(Labels.of("__name__", "up", "job", "ä€😀"), 1, 1);
        source.add(Labels.of("__name__", "down", "job", "a"), 1, 1);
        Cardinality cardinality = new Cardinality();
        try (SeriesSet set = source.select(SelectRequest.of(new TimeRange(0, 2), List.of()))) {
            cardinality.add(set, ReadBudget.UNLIMITED);
        }
        assertThat(cardinality.series()).isEqualTo(3);
        assertThat(cardinality.labelPairs()).isEqualTo(4);
        assertThat(cardinality.seriesByMetric(1)).containsExactly(new Cardinality.Stat("up", 2));
        assertThat(cardinality.valuesByLabel(9))
                .containsExactly(
                        new Cardinality.Stat("__name__", 2), new Cardinality.Stat("job", 2));
        assertThat(cardinality.bytesByLabel(9))
                .containsExactly(
                        new Cardinality.Stat("job", 11), new Cardinality.Stat("__name__", 8));
        assertThat(cardinality.seriesByPair(2))
                .containsExactly(
                        new Cardinality.Stat("__name__=up", 2), new Cardinality.Stat("job=a", 2));
    }

    @Test
    void blocksHaveNamesThatStay() {
        BlockId id = new BlockId("c", "h", new TimeRange(0, 1_767_225_600_000L));
        assertThat(TsdbCalls.ulid(id)).matches("01KD[0-9A-HJKMNP-TV-Z]{22}");
        assertThat(TsdbCalls.ulid(id)).isEqualTo(TsdbCalls.ulid(id));
        assertThat(TsdbCalls.ulid(new BlockId("c", "i", id.range())))
                .isNotEqualTo(TsdbCalls.ulid(id));
    }
}
