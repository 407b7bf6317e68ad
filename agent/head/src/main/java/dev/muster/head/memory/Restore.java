package dev.muster.head.memory;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.disk.Disk;
import dev.muster.head.wal.CheckpointFile;
import dev.muster.head.wal.CommitDecoder;
import dev.muster.head.wal.WalCorruptionException;
import dev.muster.head.wal.WalReplay;
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
            requireVersion(from);
            segment = from.u32();
            sequence = from.u64();
            try {
                content(from);
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

    private static void requireVersion(ByteReader from) throws WalCorruptionException {
        int version = from.u32();
        if (version != CheckpointWriter.VERSION) {
            throw new WalCorruptionException(
                    "wal checkpoint: version must be known: expected="
                            + CheckpointWriter.VERSION
                            + ", actual="
                            + version);
        }
    }

    private void content(ByteReader from) throws IOException {
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
            origin(from, files);
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

    private void origin(ByteReader from, List<@Nullable ChunkFile> files) {
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
                origin.add(SealedChunk.described(file, from));
            }
        }
        int seriesCount = from.count();
        for (int i = 0; i < seriesCount; i++) {
            int window = (int) from.zigzag();
            int slot = from.count();
            var labels = CommitDecoder.labels(from);
            origin.occupy(slot, window);
            origin.series(
                    slot,
                    store.index().add(labels, CommitDecoder.metadata(from), origin.number, slot));
        }
        origins.put(origin.number, origin);
        store.addOrigin(origin);
    }
}
