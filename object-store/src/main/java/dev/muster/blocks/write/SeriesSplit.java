package dev.muster.blocks.write;

import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;

/// The samples of one series, told apart by the file they go to, and what there is to know of their
/// times. Confined to one thread; reused.
final class SeriesSplit {
    private final SampleColumns all = new SampleColumns();
    private final SampleColumns numbers = new SampleColumns();
    private final SampleColumns histograms = new SampleColumns();
    private boolean split;

    /// Columns to read the next series into.
    SampleColumns next() {
        all.clear();
        return all;
    }

    /// All samples have been read.
    ///
    /// @return whether there is any
    boolean read() {
        split = all.hasHistograms();
        if (split) {
            numbers.clear();
            histograms.clear();
            for (int i = 0; i < all.size(); i++) {
                (all.histogram(i) == null ? numbers : histograms).appendFrom(all, i);
            }
        } else {
            histograms.clear();
        }
        return all.size() > 0;
    }

    /// Samples that are numbers, and staleness markers.
    SampleColumns numbers() {
        return split ? numbers : all;
    }

    SampleColumns histograms() {
        return histograms;
    }

    /// @param row the row of the samples file to which the first number goes
    /// @param histRow the row of the file of histograms to which the first of them goes
    SeriesSpan span(long row, long histRow) {
        int changes = startChanges();
        return new SeriesSpan(
                row,
                numbers().size(),
                histograms.size() == 0 ? 0 : histRow,
                histograms.size(),
                all.timestampsMs()[0],
                all.timestampsMs()[all.size() - 1],
                changes == 0 ? anyStartMs() : 0,
                changes);
    }

    /// -1 where no sample has a start time.
    private int startChanges() {
        if (!all.hasStarts()) {
            return -1;
        }
        int changes = 0;
        boolean any = false;
        boolean first = true;
        long beforeMs = 0;
        for (int i = 0; i < all.size(); i++) {
            if (!Staleness.isStale(all.values()[i])) {
                long startMs = LeadingColumns.startMs(all, i);
                any |= startMs != 0;
                changes += first || startMs == beforeMs ? 0 : 1;
                beforeMs = startMs;
                first = false;
            }
        }
        return any ? changes : -1;
    }

    private long anyStartMs() {
        for (int i = 0; i < all.size(); i++) {
            long startMs = LeadingColumns.startMs(all, i);
            if (startMs != 0) {
                return startMs;
            }
        }
        return 0;
    }
}
