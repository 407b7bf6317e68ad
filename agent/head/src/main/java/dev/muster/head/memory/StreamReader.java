package dev.muster.head.memory;

import dev.muster.head.chunk.TickDecoder;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SelectRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// Reads the samples of series: those at ticks, late ones, and those of several origins as one.
/// Confined to one thread.
final class StreamReader {
    private final SelectRequest request;
    private final TickDecoder decoder = new TickDecoder();
    private final SampleColumns late = new SampleColumns(0);
    private final SampleColumns left = new SampleColumns(0);
    private final SampleColumns right = new SampleColumns(0);

    StreamReader(SelectRequest request) {
        this.request = request;
    }

    /// Appends the samples of one series, which the streams share.
    void read(List<HeadSeriesSet.Stream> streams, SampleColumns into) throws IOException {
        if (!request.samples()) {
            return;
        }
        request.budget().check();
        int from = into.size();
        for (HeadSeriesSet.Stream stream : streams) {
            int middle = into.size();
            long start = request.range().startMs();
            long end = request.range().endMs();
            OriginView view = stream.view();
            Reach reach = stream.reach();
            view.ticks(stream.slot(), reach, start, end, decoder, request.budget(), into);
            late.clear();
            view.late(stream.slot(), reach, start, end, decoder, late);
            if (late.size() > 0) {
                request.budget().chargeSamples(late.size());
                sort(late);
                int lateFrom = into.size();
                copy(late, 0, late.size(), into);
                merge(into, middle, lateFrom);
            }
            if (middle > from) {
                merge(into, from, middle);
            }
        }
    }

    /// Merges two neighbouring runs, each ascending, to one; of two samples at a time the first
    /// run's is kept, unless it is a staleness marker.
    private void merge(SampleColumns columns, int from, int middle) {
        int size = columns.size();
        if (middle == from || middle == size) {
            return;
        }
        if (columns.timestampsMs()[middle - 1] < columns.timestampsMs()[middle]) {
            return;
        }
        if (columns.hasHistograms() || columns.hasStarts()) {
            mergeAll(columns, from, middle);
            return;
        }
        left.clear();
        copy(columns, from, middle, left);
        long[] times = columns.timestampsMs();
        double[] values = columns.values();
        int l = 0;
        int r = middle;
        int to = from;
        while (l < left.size() && r < size) {
            long leftMs = left.timestampsMs()[l];
            double value = left.values()[l];
            if (leftMs < times[r]) {
                l++;
            } else if (leftMs > times[r]) {
                leftMs = times[r];
                value = values[r++];
            } else {
                value = Staleness.isStale(value) ? values[r] : value;
                l++;
                r++;
            }
            times[to] = leftMs;
            values[to++] = value;
        }
        while (l < left.size()) {
            times[to] = left.timestampsMs()[l];
            values[to++] = left.values()[l++];
        }
        while (r < size) {
            times[to] = times[r];
            values[to++] = values[r++];
        }
        columns.resize(to);
    }

    /// As [#merge], of samples that are more than numbers.
    private void mergeAll(SampleColumns columns, int from, int middle) {
        left.clear();
        copy(columns, from, middle, left);
        right.clear();
        copy(columns, middle, columns.size(), right);
        columns.resize(from);
        int l = 0;
        int r = 0;
        while (l < left.size() || r < right.size()) {
            long leftMs = l < left.size() ? left.timestampsMs()[l] : Long.MAX_VALUE;
            long rightMs = r < right.size() ? right.timestampsMs()[r] : Long.MAX_VALUE;
            boolean takeRight =
                    rightMs < leftMs || (rightMs == leftMs && Staleness.isStale(left.values()[l]));
            if (takeRight) {
                copy(right, r, r + 1, columns);
            } else {
                copy(left, l, l + 1, columns);
            }
            l += leftMs <= rightMs ? 1 : 0;
            r += rightMs <= leftMs ? 1 : 0;
        }
    }

    private static void copy(SampleColumns source, int from, int to, SampleColumns into) {
        into.reserve(to - from);
        int size = into.size();
        System.arraycopy(source.timestampsMs(), from, into.timestampsMs(), size, to - from);
        System.arraycopy(source.values(), from, into.values(), size, to - from);
        into.resize(size + to - from);
        if (source.hasHistograms() || source.hasStarts()) {
            for (int i = from; i < to; i++) {
                copySide(source, i, into, size + i - from);
            }
        }
    }

    private static void copySide(SampleColumns source, int at, SampleColumns into, int to) {
        NativeHistogram histogram = source.histogram(at);
        if (histogram != null) {
            into.setHistogram(to, histogram);
        }
        if (source.startMs(at) != 0) {
            into.setStart(to, source.startMs(at));
        }
    }

    /// Sorts by time; of several at a time the first is kept.
    private static void sort(SampleColumns columns) {
        long[] times = columns.timestampsMs();
        int size = columns.size();
        boolean ascending = true;
        for (int i = 1; i < size && ascending; i++) {
            ascending = times[i - 1] < times[i];
        }
        if (ascending) {
            return;
        }
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(times[a], times[b]));
        SampleColumns sorted = new SampleColumns(size);
        for (Integer i : order) {
            int count = sorted.size();
            if (count == 0 || sorted.timestampsMs()[count - 1] != times[i]) {
                copy(columns, i, i + 1, sorted);
            }
        }
        columns.clear();
        copy(sorted, 0, sorted.size(), columns);
    }
}
