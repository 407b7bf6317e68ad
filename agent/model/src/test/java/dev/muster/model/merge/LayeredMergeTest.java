package dev.muster.model.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Own samples go before those of peers, whichever set they come in.
class LayeredMergeTest {
    private static final Labels UP = Labels.of("__name__", "up", "host", "a");
    private static final SelectRequest ALL = SelectRequest.of(new TimeRange(0, 1_000), List.of());

    private static SeriesSet of(double... values) throws IOException {
        MemorySource source = new MemorySource();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i]) || Staleness.isStale(values[i])) {
                source.add(UP, i, values[i]);
            }
        }
        return source.select(ALL);
    }

    private static SeriesSet merge(SeriesSet... sets) {
        return MergedSeriesSet.of(
                List.of(sets), List.of("w"), Completeness.NONE, ReadBudget.UNLIMITED);
    }

    private static List<Double> read(SeriesSet set) throws IOException {
        assertThat(set.size()).isEqualTo(1);
        SampleColumns columns = new SampleColumns();
        set.reader().read(0, columns);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(columns.values()[i]);
        }
        set.close();
        return values;
    }

    @Test
    void prefersOwnOverPeersAndTheFirstPeerOverTheNext() throws IOException {
        double none = Double.NaN;
        SeriesSet own = of(1, none, none, 1);
        SeriesSet first = new TakenSeriesSet(of(2, 2, none, 2), "b");
        SeriesSet second = new TakenSeriesSet(of(3, 3, 3, 3), "c");
        assertThat(read(merge(second, first, own))).containsExactly(1.0, 2.0, 3.0, 1.0);
    }

    @Test
    void prefersOwnAcrossSetsThatAreMergedThemselves() throws IOException {
        double none = Double.NaN;
        SeriesSet blocks = merge(of(1, none, none), new TakenSeriesSet(of(5, none, 5), "c"));
        SeriesSet agents = merge(of(none, 1, none), new TakenSeriesSet(of(4, 4, 4), "b"));
        assertThat(read(merge(blocks, agents))).containsExactly(1.0, 1.0, 4.0);
    }

    /// The own agent's word that a series has ended is its word.
    @Test
    void prefersTheOwnMarkerOverThePeersValue() throws IOException {
        SeriesSet own = of(1, Staleness.STALE);
        SeriesSet peer = new TakenSeriesSet(of(2, 2), "b");
        List<Double> values = read(merge(peer, own));
        assertThat(values.getFirst()).isEqualTo(1.0);
        assertThat(Staleness.isStale(values.get(1))).isTrue();
    }

    @Test
    void prefersAPeersValueOverTheMarkerOfItsOwnOtherSet() throws IOException {
        SeriesSet ended = new TakenSeriesSet(of(Staleness.STALE), "b");
        SeriesSet value = new TakenSeriesSet(of(2), "b");
        assertThat(read(merge(ended, value))).containsExactly(2.0);
    }

    @Test
    void tellsAnAgentsOwnSeriesByTheirLabels() throws IOException {
        MemorySource answer = new MemorySource();
        Labels other = Labels.of("__name__", "up", "host", "b");
        answer.add(UP, 1, 7);
        answer.add(other, 1, 8);
        SeriesSet split =
                SplitSeriesSet.of(
                        answer.select(ALL), labels -> "b".equals(labels.get("host")), "b");
        assertThat(split.layers()).extracting(SeriesSet.Layer::by).containsExactly("", "b");
        assertThat(read(merge(split.layers().get(1).set(), of(Double.NaN, 1))))
                .containsExactly(7.0);
        assertThat(read(merge(split.layers().get(0).set()))).containsExactly(8.0);
        MemorySource ownOnly = new MemorySource();
        ownOnly.add(other, 1, 8);
        SeriesSet plain = ownOnly.select(ALL);
        assertThat(SplitSeriesSet.of(plain, labels -> true, "b")).isSameAs(plain);
    }

    /// Whatever order the sets come in, and however they are nested.
    @Test
    void dependsOnNoOrder() throws IOException {
        long seed = Long.getLong("seed", 3L);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<double[]> columns = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                double[] values = new double[20];
                for (int t = 0; t < values.length; t++) {
                    int choice = random.nextInt(4);
                    values[t] =
                            choice == 0 ? Double.NaN : choice == 1 ? Staleness.STALE : 100 * i + t;
                }
                columns.add(values);
            }
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
            List<Double> expected = read(merged(columns, order, random));
            Collections.shuffle(order, random);
            assertThat(read(merged(columns, order, random)))
                    .as("seed=%s", seed)
                    .isEqualTo(expected);
        }
    }

    private static SeriesSet merged(List<double[]> columns, List<Integer> order, Random random)
            throws IOException {
        List<SeriesSet> sets = new ArrayList<>();
        for (int index : order) {
            SeriesSet plain = of(columns.get(index));
            sets.add(index == 0 ? plain : new TakenSeriesSet(plain, "p" + index));
        }
        int cut = 1 + random.nextInt(3);
        return merge(
                merge(sets.subList(0, cut).toArray(SeriesSet[]::new)),
                merge(sets.subList(cut, 4).toArray(SeriesSet[]::new)));
    }
}
