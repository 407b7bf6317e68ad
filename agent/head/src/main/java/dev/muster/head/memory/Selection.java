package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.chunk.SeriesChunk;
import dev.muster.head.index.Numbers;
import dev.muster.head.index.SeriesIndex;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes the snapshot of one select. Runs under the index lock.
final class Selection {
    private final Store store;
    private final SelectRequest request;
    private final long startMs;
    private final long endMs;

    /// The origins that have samples in the range, by number.
    private final Map<Integer, OriginView> views = new HashMap<>();

    private final Map<Integer, Origin> byNumber = new HashMap<>();

    Selection(Store store, SelectRequest request) {
        this.store = store;
        this.request = request;
        startMs = request.range().startMs();
        endMs = request.range().endMs();
    }

    HeadSeriesSet run() throws IOException {
        Numbers numbers = numbers();
        int count = numbers.size();
        request.budget().chargeSeries(count);
        List<HeadSeriesSet.Stream> streams = new ArrayList<>(count);
        for (OriginView view : views.values()) {
            retired(view, streams);
        }
        SeriesIndex index = store.index();
        Set<OriginView> used = new HashSet<>();
        streams.forEach(stream -> used.add(stream.view()));
        for (int number = numbers.next(0); number >= 0; number = numbers.next(number + 1)) {
            OriginView view = views.get(index.origin(number));
            if (view != null) {
                used.add(view);
                streams.add(
                        new HeadSeriesSet.Stream(
                                index.labels(number),
                                index.metadata(number),
                                view,
                                index.slot(number),
                                reach(number)));
            }
        }
        streams.sort(HeadSeriesSet.Stream.ORDER);
        Set<ChunkFile> files = new HashSet<>();
        List<String> warnings = new ArrayList<>();
        if (request.samples()) {
            used.forEach(view -> view.files(startMs, endMs, files::add));
            for (OriginView view : used) {
                check(view, warnings);
            }
            files.removeIf(file -> !file.retain());
        }
        return new HeadSeriesSet(request, streams, files, warnings);
    }

    private Reach reach(int number) {
        Origin origin = byNumber.get(store.index().origin(number));
        return origin == null ? Reach.since(0) : origin.reach(store.index().slot(number));
    }

    /// Adds the matching series of an origin that are not in memory.
    private void retired(OriginView view, List<HeadSeriesSet.Stream> into) throws IOException {
        for (SealedChunk chunk : view.series(startMs, endMs)) {
            int before = into.size();
            SeriesChunk.read(
                    chunk,
                    request.matchers(),
                    (slot, fromBytes, labels, metadata) ->
                            into.add(
                                    new HeadSeriesSet.Stream(
                                            labels,
                                            metadata,
                                            view,
                                            slot,
                                            Reach.before(chunk, fromBytes))));
            request.budget().chargeSeries(into.size() - before);
        }
    }

    /// Labels of the matching series that are not in memory. Called after [#numbers].
    List<Labels> retiredLabels() throws IOException {
        List<HeadSeriesSet.Stream> streams = new ArrayList<>();
        for (OriginView view : views.values()) {
            retired(view, streams);
        }
        return streams.stream().map(HeadSeriesSet.Stream::labels).toList();
    }

    private void check(OriginView view, List<String> warnings) throws IOException {
        view.damaged(
                startMs,
                endMs,
                chunk -> {
                    store.damaged(chunk);
                    warnings.add(chunk.where() + ": checksum must match, its samples are lost");
                });
    }

    /// The matching series of the origins that have samples in the range.
    Numbers numbers() {
        for (Origin origin : store.origins()) {
            origin.lock.lock();
            try {
                OriginView view = origin.view();
                if (view.overlaps(startMs, endMs)) {
                    views.put(origin.number, view);
                    byNumber.put(origin.number, origin);
                }
            } finally {
                origin.lock.unlock();
            }
        }
        SeriesIndex index = store.index();
        Numbers numbers = index.match(request.matchers());
        for (int number = numbers.next(0); number >= 0; number = numbers.next(number + 1)) {
            if (!views.containsKey(index.origin(number))) {
                numbers.clear(number);
            }
        }
        return numbers;
    }
}
