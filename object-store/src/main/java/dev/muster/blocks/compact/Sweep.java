package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.manifest.DayManifest;
import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.manifest.ReplacedBlock;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockLevel;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Deletes the files of blocks that were replaced, files that no manifest names, and versions of
/// manifests that are no longer the last: each once it is older than the grace. Confined to one
/// thread.
final class Sweep {
    private final Bucket bucket;
    private final ManifestStore manifests;
    private final long graceMs;
    private final InstantSource clock;
    private final CompactionStats stats;

    Sweep(
            Bucket bucket,
            ManifestStore manifests,
            Duration grace,
            InstantSource clock,
            CompactionStats stats) {
        this.bucket = bucket;
        this.manifests = manifests;
        graceMs = grace.toMillis();
        this.clock = clock;
        this.stats = stats;
    }

    void run(List<LocalDate> days, Compaction.Mine mine) throws IOException {
        for (ManifestStore.Place place : manifests.places()) {
            if (mine.test(place.cell(), place.date())) {
                replaced(manifests.load(place.cell(), place.date()));
                versions(place);
            }
        }
        for (LocalDate day : days) {
            leftovers(day, mine);
        }
    }

    private boolean isOver(long sinceMs) {
        return clock.millis() - sinceMs >= graceMs;
    }

    private boolean isOver(ObjectInfo object) {
        return isOver(object.lastModified().toEpochMilli());
    }

    private void replaced(DayManifest manifest) throws IOException {
        List<ReplacedBlock> left = new ArrayList<>();
        for (ReplacedBlock block : manifest.replaced()) {
            if (isOver(block.sinceMs())) {
                delete(block);
            } else {
                left.add(block);
            }
        }
        if (left.size() < manifest.replaced().size()) {
            // If another commits before, the next sweep finds the rest.
            var _ = manifests.commit(manifest.next(manifest.merged(), left));
        }
    }

    /// Series first: what is half there is not seen. An agent may have shipped another block of the
    /// same name since, which stays.
    private void delete(ReplacedBlock block) throws IOException {
        BlockId id = block.id();
        Optional<ObjectInfo> series = bucket.stat(id.seriesKey());
        if (series.isPresent()) {
            if (!series.get().etag().equals(block.seriesEtag())) {
                return;
            }
            delete(series.get());
        }
        Optional<ObjectInfo> samples = bucket.stat(id.samplesKey());
        if (samples.isPresent() && !samples.get().etag().equals(block.samplesEtag())) {
            return;
        }
        Optional<ObjectInfo> hist = bucket.stat(id.histKey());
        if (hist.isPresent()) {
            delete(hist.get());
        }
        if (samples.isPresent()) {
            delete(samples.get());
        }
    }

    private void delete(ObjectInfo object) throws IOException {
        bucket.delete(object.key());
        stats.deletedObjects.increment();
        stats.deletedBytes.add(object.sizeBytes());
    }

    private void versions(ManifestStore.Place place) throws IOException {
        for (ObjectInfo version : manifests.old(place.cell(), place.date())) {
            if (isOver(version)) {
                delete(version);
            }
        }
    }

    /// Merged blocks that no manifest names: of merges that lost, or were killed.
    private void leftovers(LocalDate day, Compaction.Mine mine) throws IOException {
        List<ObjectInfo> old = new ArrayList<>();
        for (Function<BlockLevel, String> table :
                List.<Function<BlockLevel, String>>of(
                        level -> BlockId.seriesPrefix(level, day),
                        level -> BlockId.histPrefix(level, day),
                        level -> BlockId.samplesPrefix(level, day))) {
            for (BlockLevel level : List.of(BlockLevel.L1, BlockLevel.L2)) {
                bucket.list(table.apply(level)).stream().filter(this::isOver).forEach(old::add);
            }
        }
        if (old.isEmpty()) {
            return;
        }
        Set<BlockId> named = new HashSet<>();
        for (DayManifest manifest : manifests.load(day).values()) {
            manifest.merged().forEach(block -> named.add(block.id()));
            manifest.replaced().forEach(block -> named.add(block.id()));
        }
        for (ObjectInfo object : old) {
            Optional<BlockId> id = BlockId.ofKey(object.key());
            if (id.isPresent() && !named.contains(id.get()) && mine.test(id.get().cell(), day)) {
                delete(object);
            }
        }
    }
}
