package dev.muster.query.source;

import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.SelectedSeriesSet;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A set without samples that are hidden, and without series of which all are.
final class TombstonedSeriesSet extends SelectedSeriesSet {
    /// By number of the series: what is hidden of it, disjoint and ascending.
    private final List<List<TimeRange>> hidden;

    private TombstonedSeriesSet(SeriesSet set, int[] numbers, List<List<TimeRange>> hidden) {
        super(set, numbers);
        this.hidden = hidden;
    }

    /// The set itself where nothing of it is hidden.
    static SeriesSet of(SeriesSet set, List<Tombstone> tombstones, TimeRange range) {
        int[] numbers = new int[set.size()];
        int kept = 0;
        boolean any = false;
        List<List<TimeRange>> hidden = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            List<TimeRange> ranges = ranges(tombstones, set.labels(i));
            any |= !ranges.isEmpty();
            if (ranges.stream().noneMatch(one -> covers(one, range))) {
                numbers[kept++] = i;
                hidden.add(ranges);
            }
        }
        return any ? new TombstonedSeriesSet(set, Arrays.copyOf(numbers, kept), hidden) : set;
    }

    private static boolean covers(TimeRange one, TimeRange other) {
        return one.startMs() <= other.startMs() && one.endMs() >= other.endMs();
    }

    private static List<TimeRange> ranges(List<Tombstone> tombstones, Labels labels) {
        List<TimeRange> all = new ArrayList<>();
        for (Tombstone tombstone : tombstones) {
            if (tombstone.hides(labels)) {
                all.add(tombstone.range());
            }
        }
        all.sort(Comparator.comparingLong(TimeRange::startMs));
        List<TimeRange> merged = new ArrayList<>();
        for (TimeRange range : all) {
            TimeRange last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && last.endMs() >= range.startMs()) {
                long endMs = Math.max(last.endMs(), range.endMs());
                merged.set(merged.size() - 1, new TimeRange(last.startMs(), endMs));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    @Override
    public SampleReader reader() {
        SampleReader reader = super.reader();
        SampleColumns all = new SampleColumns();
        return (index, into) -> {
            if (hidden.get(index).isEmpty()) {
                reader.read(index, into);
            } else {
                all.clear();
                reader.read(index, all);
                copy(all, hidden.get(index), into);
            }
        };
    }

    private static void copy(SampleColumns all, List<TimeRange> hidden, SampleColumns into) {
        int next = 0;
        boolean gap = false;
        for (int i = 0; i < all.size(); i++) {
            long timeMs = all.timestampsMs()[i];
            while (next < hidden.size() && hidden.get(next).endMs() <= timeMs) {
                next++;
            }
            if (next < hidden.size() && hidden.get(next).contains(timeMs)) {
                gap = true;
            } else {
                into.appendFrom(all, i);
                if (gap) {
                    into.disconnect(into.size() - 1);
                }
                gap = false;
            }
        }
    }
}
