package dev.muster.head.memory;

import static java.util.Objects.requireNonNullElse;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.disk.Disk;
import dev.muster.head.index.SeriesIndex;
import dev.muster.head.wal.CheckpointFile;
import dev.muster.head.wal.CommitEncoder;
import dev.muster.head.wal.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes down which series, chunks and files there are, drawn in `docs/format/wal.md`. Used by one
/// thread.
final class CheckpointWriter {
    static final int VERSION = 2;

    /// The oldest version that is read.
    static final int OLDEST_VERSION = 1;

    private static final long[] NO_STARTS = {};

    private final Store store;
    private final Disk disk;
    private final Path directory;
    private final ByteWriter sealing;

    /// An origin when its samples had just been sealed.
    private record Mark(
            Origin origin,
            List<SealedChunk> chunks,
            long sequence,
            int definitions,
            long lastTickMs,
            long newestLateMs,
            long[] starts) {}

    CheckpointWriter(Store store, Disk disk, Path directory, ByteWriter sealing) {
        this.store = store;
        this.disk = disk;
        this.directory = directory;
        this.sealing = sealing;
    }

    /// @param place where replay begins: the log was rolled before
    void write(Wal.Place place) throws IOException {
        List<Mark> marks = new ArrayList<>();
        for (Origin origin : store.sortedOrigins()) {
            marks.add(mark(origin));
        }
        store.windows().force();
        try (CheckpointFile file = CheckpointFile.create(disk, directory)) {
            ByteWriter into = file.buffer();
            into.u32(VERSION);
            into.u32(place.segment());
            into.u64(place.sequence());
            into.u64(store.limits().windowMs());
            into.u64(store.acceptFloorMs());
            into.varint(store.nextOrigin());
            Map<ChunkFile, Integer> files = files(into);
            into.varint(marks.size());
            for (Mark mark : marks) {
                origin(mark, files, file);
            }
            exemplars(file);
            file.commit();
        }
    }

    private Mark mark(Origin origin) throws IOException {
        origin.lock.lock();
        try {
            origin.sealTicks(store.windows(), sealing);
            origin.sealLate(store.windows(), sealing);
            if (origin.appender() == null) {
                origin.open.release();
            }
            return new Mark(
                    origin,
                    List.of(origin.sealed()),
                    origin.log.lastSequence,
                    origin.log.definitions,
                    origin.lastTickMs(),
                    origin.newestLateMs(),
                    requireNonNullElse(origin.open.copyStarts(), NO_STARTS));
        } finally {
            origin.lock.unlock();
        }
    }

    private Map<ChunkFile, Integer> files(ByteWriter into) {
        Map<ChunkFile, Integer> numbers = new HashMap<>();
        Map<Long, ChunkFile> files = store.windows().all();
        into.varint(files.size());
        files.forEach((start, file) -> {
            into.text(file.path().getFileName().toString());
            into.varint(file.sizeBytes());
            numbers.put(file, numbers.size());
        });
        return numbers;
    }

    private void origin(Mark mark, Map<ChunkFile, Integer> files, CheckpointFile file)
            throws IOException {
        ByteWriter into = file.buffer();
        into.varint(mark.origin().number);
        into.text(mark.origin().name);
        into.varint(mark.sequence());
        into.varint(mark.definitions());
        into.u64(mark.lastTickMs());
        into.u64(mark.newestLateMs());
        List<SealedChunk> chunks =
                mark.chunks().stream().filter(chunk -> files.containsKey(chunk.file())).toList();
        into.varint(chunks.size());
        for (SealedChunk chunk : chunks) {
            into.varint(files.getOrDefault(chunk.file(), 0));
            chunk.describe(into);
            file.flush();
        }
        series(mark.origin(), file);
        starts(mark.starts(), file);
        born(mark.origin(), chunks, file);
    }

    private static void starts(long[] starts, CheckpointFile file) throws IOException {
        ByteWriter into = file.buffer();
        into.varint(Arrays.stream(starts).filter(startMs -> startMs != 0).count());
        int slot = 0;
        long before = 0;
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] != 0) {
                into.varint(i - slot);
                into.zigzag(starts[i] - before);
                slot = i;
                before = starts[i];
                file.flush();
            }
        }
    }

    /// For each slot that has had another series before, which chunks are of its series.
    private static void born(Origin origin, List<SealedChunk> chunks, CheckpointFile file)
            throws IOException {
        ByteWriter some = new ByteWriter(64);
        int count = 0;
        int before = 0;
        origin.lock.lock();
        try {
            for (int slot = 0; slot < origin.slots(); slot++) {
                int born = origin.series(slot) == Origin.FREE ? 0 : origin.born(slot);
                int first = 0;
                while (born > 0 && first < chunks.size() && chunks.get(first).number() < born) {
                    first++;
                }
                if (first > 0) {
                    some.varint(slot - before);
                    some.varint(first);
                    before = slot;
                    count++;
                }
            }
        } finally {
            origin.lock.unlock();
        }
        file.buffer().varint(origin.slotsEver());
        file.buffer().varint(count);
        file.buffer().bytes(some.array(), 0, some.size());
        file.flush();
    }

    private void exemplars(CheckpointFile file) throws IOException {
        ByteWriter some = new ByteWriter(1024);
        int[] count = {0};
        store.exemplars()
                .forEach((held, slot) -> {
                    some.varint(held.origin().number);
                    CommitEncoder.exemplar(slot, held.exemplar(), some);
                    count[0]++;
                });
        file.buffer().varint(count[0]);
        file.buffer().bytes(some.array(), 0, some.size());
        file.flush();
    }

    private void series(Origin origin, CheckpointFile file) throws IOException {
        store.indexLock().readLock().lock();
        try {
            origin.lock.lock();
            try {
                SeriesIndex index = store.index();
                file.buffer().varint(origin.liveSlots());
                for (int slot = 0; slot < origin.slots(); slot++) {
                    int number = origin.series(slot);
                    if (number == Origin.FREE) {
                        continue;
                    }
                    file.buffer().zigzag(origin.newestGrain(slot));
                    CommitEncoder.definition(
                            slot, index.labels(number), index.metadata(number), file.buffer());
                    file.flush();
                }
            } finally {
                origin.lock.unlock();
            }
        } finally {
            store.indexLock().readLock().unlock();
        }
    }
}
