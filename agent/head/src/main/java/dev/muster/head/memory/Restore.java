package dev.muster.head.memory;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.disk.Disk;
import dev.muster.head.wal.CheckpointFile;
import dev.muster.head.wal.CommitDecoder;
import dev.muster.head.wal.WalCorruptionException;
import dev.muster.head.wal.WalReplay;
import dev.muster.model.sample.Exemplar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads back what lies in a directory: the checkpoint, then the log after it. Runs while the store
/// opens, before anyone else sees it.
final class Restore {
    private final Store store;
    private final Disk disk;
    private final Path directory;
    private final Map<Integer, Origin> origins = new HashMap<>();

    /// Windows in the checkpoint whose file is not there any more.
    private final Set<Long> missing = new HashSet<>();

    Restore(Store store, Disk disk, Path directory) {
        this.store = store;
        this.disk = disk;
        this.directory = directory;
    }

    Restored run() throws IOException {
        int segment = 1;
        long sequence = 1;
        Optional<ByteReader> checkpoint = CheckpointFile.read(directory);
        if (checkpoint.isPresent()) {
            ByteReader from = checkpoint.get();
            int version = version(from);
            segment = from.u32();
            sequence = from.u64();
            try {
                content(from, version);
            } catch (IndexOutOfBoundsException e) {
                throw new WalCorruptionException(
                        "wal checkpoint must be well formed: " + e.getMessage(), e);
            }
        } else {
            store.windows().reopen(Map.of());
        }
        return replay(segment, sequence);
    }

    private Restored replay(int segment, long sequence) throws IOException {
        Replay replay = new Replay(store, origins, missing);
        WalReplay log = new WalReplay(disk, directory.resolve("wal"), replay);
        log.run(segment, sequence);
        List<String> damage = new ArrayList<>(log.damage());
        for (long start : missing) {
            damage.add("chunk file of window startMs=" + start + ": must be there");
        }
        damage.addAll(replay.damage());
        damage.forEach(text -> store.log(System.Logger.Level.ERROR, text, null));
        return new Restored(
                log.nextSegment(),
                log.nextSequence(),
                replay.commits(),
                replay.samples(),
                log.tornBytes(),
                log.damagedBytes(),
                log.lostRecords() + replay.lost(),
                damage);
    }

    private static int version(ByteReader from) throws WalCorruptionException {
        int version = from.u32();
        if (version < CheckpointWriter.OLDEST_VERSION || version > CheckpointWriter.VERSION) {
            throw new WalCorruptionException(
                    "wal checkpoint: version must be known: expected="
                            + CheckpointWriter.OLDEST_VERSION
                            + ".."
                            + CheckpointWriter.VERSION
                            + ", actual="
                            + version);
        }
        return version;
    }

    private void content(ByteReader from, int version) throws IOException {
        long windowMs = from.u64();
        store.raiseAcceptFloor(from.u64());
        store.nextOrigin(from.count());
        Map<String, Long> sizes = new LinkedHashMap<>();
        int fileCount = from.count();
        for (int i = 0; i < fileCount; i++) {
            String name = from.text();
            sizes.put(name, from.varint());
        }
        if (windowMs != store.limits().windowMs() && fileCount > 0) {
            throw new IOException(
                    "head directory="
                            + directory
                            + ": window length must stay while samples are held: was="
                            + windowMs
                            + " ms, configured="
                            + store.limits().windowMs()
                            + " ms");
        }
        List<@Nullable ChunkFile> files = files(sizes);
        int originCount = from.count();
        for (int i = 0; i < originCount; i++) {
            Origin origin = origin(from, files, version);
            if (version >= 2) {
                starts(from, origin);
                born(from, origin);
            }
        }
        if (version >= 2) {
            exemplars(from);
        }
        store.updateSlotBytes();
    }

    private List<@Nullable ChunkFile> files(Map<String, Long> sizes) throws IOException {
        Map<Long, ChunkFile> opened = store.windows().reopen(sizes);
        List<@Nullable ChunkFile> files = new ArrayList<>();
        for (String name : sizes.keySet()) {
            ChunkFile file = opened.get(Windows.startOf(name));
            files.add(file);
            if (file == null) {
                missing.add(Windows.startOf(name));
            }
        }
        return files;
    }

    private Origin origin(ByteReader from, List<@Nullable ChunkFile> files, int version) {
        Origin origin = new Origin(from.count(), from.text());
        origin.log.lastSequence = from.varint();
        origin.log.sealedSequence = origin.log.lastSequence;
        origin.log.definitions = from.count();
        origin.lastTickMs(from.u64());
        origin.newestLateBefore(from.u64());
        int chunkCount = from.count();
        for (int i = 0; i < chunkCount; i++) {
            ChunkFile file = files.get(from.count());
            if (file == null) {
                SealedChunk.skip(from);
            } else {
                origin.add(SealedChunk.described(file, from, i));
            }
        }
        origin.nextChunk(chunkCount);
        int seriesCount = from.count();
        for (int i = 0; i < seriesCount; i++) {
            long newest = from.zigzag();
            int slot = from.count();
            var labels = CommitDecoder.labels(from);
            origin.occupy(slot, version == 1 ? afterWindow(newest) : Math.toIntExact(newest));
            origin.series(
                    slot,
                    store.index().add(labels, CommitDecoder.metadata(from), origin.number, slot));
        }
        origins.put(origin.number, origin);
        store.addOrigin(origin);
        return origin;
    }

    /// What version 1 knows of the newest sample is the number of its window.
    private int afterWindow(long window) {
        return Origin.grain((window + 1) * store.limits().windowMs() - 1);
    }

    private static void born(ByteReader from, Origin origin) {
        origin.slotsEver(from.count());
        int count = from.count();
        int slot = 0;
        for (int i = 0; i < count; i++) {
            slot += from.count();
            origin.born(slot, from.count());
        }
    }

    private static void starts(ByteReader from, Origin origin) {
        int count = from.count();
        int slot = 0;
        long startMs = 0;
        for (int i = 0; i < count; i++) {
            slot += from.count();
            startMs += from.zigzag();
            origin.open.start(slot, startMs, 0);
        }
    }

    /// Those of series that came while the checkpoint was written are in the log, too.
    private void exemplars(ByteReader from) {
        int count = from.count();
        for (int i = 0; i < count; i++) {
            Origin origin = origins.get(from.count());
            int slot = from.count();
            Exemplar exemplar = CommitDecoder.exemplar(from);
            if (origin != null && slot < origin.slots() && origin.series(slot) != Origin.FREE) {
                store.exemplars().add(origin, slot, exemplar);
            }
        }
    }
}
