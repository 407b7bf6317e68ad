package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The snapshot that a select gives. Keeps the chunk files it reads until it is closed.
final class HeadSeriesSet implements SeriesSet {
    /// The series of one origin.
    record Stream(Labels labels, MetricMetadata metadata, OriginView view, int slot, Reach reach) {
        static final Comparator<Stream> ORDER = Comparator.comparing(Stream::labels);
    }

    private final SelectRequest request;
    private final List<Stream> streams;

    /// Series `i` is of the streams from `starts[i]` to `starts[i + 1]`: several where origins
    /// share labels.
    private final int[] starts;

    private final int size;
    private final List<ChunkFile> files;
    private final List<String> warnings;
    private boolean closed;

    HeadSeriesSet(
            SelectRequest request,
            List<Stream> sorted,
            Collection<ChunkFile> files,
            List<String> warnings) {
        this.request = request;
        streams = sorted;
        this.files = new ArrayList<>(files);
        this.warnings = List.copyOf(warnings);
        int[] found = new int[sorted.size() + 1];
        int count = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (i == 0 || !sorted.get(i).labels().equals(sorted.get(i - 1).labels())) {
                found[count++] = i;
            }
        }
        found[count] = sorted.size();
        starts = found;
        size = count;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Labels labels(int index) {
        return streams.get(starts[check(index)]).labels();
    }

    @Override
    public MetricMetadata metadata(int index) {
        return streams.get(starts[check(index) + 1] - 1).metadata();
    }

    @Override
    public SampleReader reader() {
        StreamReader reader = new StreamReader(request);
        return (index, into) ->
                reader.read(streams.subList(starts[check(index)], starts[index + 1]), into);
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    private int check(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(
                    "series must be in the set: index=" + index + ", size=" + size);
        }
        return index;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            files.forEach(ChunkFile::release);
        }
    }
}
