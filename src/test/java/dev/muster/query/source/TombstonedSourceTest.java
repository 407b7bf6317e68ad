package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TombstonedSourceTest {
    private static final TimeRange ALL = new TimeRange(0, 100);

    private final MemorySource memory = new MemorySource();
    private final TombstoneStore tombstones =
            new TombstoneStore(
                    Buckets.open(BucketConfig.of("memory:")),
                    10,
                    () -> Instant.ofEpochMilli(1),
                    new Random(1));
    private final TombstonedSource source =
            new TombstonedSource(
                    new MergedSource(List.of(new MergedSource.Part("memory", memory))), tombstones);

    TombstonedSourceTest() throws IOException {}

    @BeforeEach
    void fill() {
        for (int i = 0; i < 5; i++) {
            memory.add(Labels.of("__name__", "up", "job", "a"), 10L * i, i);
            memory.add(Labels.of("__name__", "up", "job", "b", "zone", "z"), 10L * i, i);
        }
    }

    @Test
    void hidesSamplesInTheRange() throws Exception {
        tombstones.add(new TimeRange(10, 21), List.of(LabelMatcher.equal("job", "a")));
        tombstones.add(new TimeRange(15, 31), List.of(LabelMatcher.equal("job", "a")));
        assertThat(read(ALL)).containsExactly("a [0, 40]", "b [0, 10, 20, 30, 40]");
    }

    @Test
    void seriesThatAreHiddenAsAWholeAreNotThere() throws Exception {
        tombstones.add(new TimeRange(0, 100), List.of(LabelMatcher.equal("job", "b")));
        assertThat(read(ALL)).containsExactly("a [0, 10, 20, 30, 40]");
        SelectRequest request = SelectRequest.of(ALL, List.of());
        assertThat(source.names(request).texts()).containsExactly("__name__", "job");
        assertThat(source.values("job", request).texts()).containsExactly("a");
        assertThat(read(new TimeRange(0, 101)))
                .as("a time that is not all hidden may have samples")
                .containsExactly("a [0, 10, 20, 30, 40]", "b []");
    }

    @Test
    void whatIsTakenBackIsSeenAgain() throws Exception {
        var one = tombstones.add(ALL, List.of(LabelMatcher.equal("job", "a"))).orElseThrow();
        assertThat(read(ALL)).hasSize(1);
        tombstones.remove(one);
        assertThat(read(ALL)).hasSize(2);
    }

    private List<String> read(TimeRange range) throws IOException {
        List<String> told = new ArrayList<>();
        try (SeriesSet set = source.select(SelectRequest.of(range, List.of()))) {
            for (int i = 0; i < set.size(); i++) {
                SampleColumns columns = new SampleColumns();
                set.reader().read(i, columns);
                List<Long> times = new ArrayList<>();
                for (int j = 0; j < columns.size(); j++) {
                    times.add(columns.timestampsMs()[j]);
                }
                told.add(set.labels(i).valueOf("job") + " " + times);
            }
        }
        return told;
    }
}
