package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.index.Numbers;
import dev.muster.head.index.SeriesIndex;
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
        SeriesIndex index = store.index();
        Set<OriginView> used = new HashSet<>();
        for (int number = numbers.next(0); number >= 0; number = numbers.next(number + 1)) {
            OriginView view = views.get(index.origin(number));
            if (view != null) {
                used.add(view);
                streams.add(
                        new HeadSeriesSet.Stream(
                                index.labels(number),
                                index.metadata(number),
                                view,
                                index.slot(number)));
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
