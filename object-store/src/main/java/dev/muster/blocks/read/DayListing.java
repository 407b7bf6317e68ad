package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.manifest.DayManifest;
import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.manifest.MergedBlock;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockLevel;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The blocks whose windows start on one day.
///
/// @param entries visible blocks, by window, then by name
/// @param halfBlocks files without the other file of their block
/// @param unknownNames objects that are no part of a block
/// @param histBytes length of the files of histograms of that day
record DayListing(List<BlockEntry> entries, int halfBlocks, int unknownNames, long histBytes) {
    private static final Comparator<BlockEntry> ORDER =
            Comparator.comparing((BlockEntry entry) -> entry.id().range())
                    .thenComparing(entry -> entry.id().seriesKey());

    static final DayListing EMPTY = new DayListing(List.of(), 0, 0, 0);

    /// What a bucket says of a day.
    ///
    /// @throws IOException if it cannot be listed, or a manifest cannot be read
    static DayListing read(Bucket bucket, ManifestStore manifests, LocalDate day)
            throws IOException {
        // Manifests first: what they do not say is replaced was so a moment ago, and stays for a
        // while.
        Map<String, DayManifest> known = manifests.load(day);
        // Series first: what is visible then has its samples when these are listed.
        List<ObjectInfo> series = bucket.list(BlockId.seriesPrefix(BlockLevel.L0, day));
        List<ObjectInfo> samples = bucket.list(BlockId.samplesPrefix(BlockLevel.L0, day));
        List<ObjectInfo> hist = bucket.list(BlockId.histPrefix(BlockLevel.L0, day));
        return of(series, samples, hist).merged(known);
    }

    /// Merged blocks in the place of those that they were made of.
    private DayListing merged(Map<String, DayManifest> manifests) {
        if (manifests.isEmpty()) {
            return this;
        }
        Map<String, DayManifest.Lookup> replaced = new HashMap<>();
        manifests.forEach((cell, manifest) -> replaced.put(cell, manifest.lookup()));
        List<BlockEntry> seen = new ArrayList<>();
        for (BlockEntry entry : entries) {
            DayManifest.Lookup lookup = replaced.get(entry.id().cell());
            if (lookup == null || !lookup.isReplaced(entry.id(), entry.series().etag())) {
                seen.add(entry);
            }
        }
        for (DayManifest manifest : manifests.values()) {
            for (MergedBlock block : manifest.merged()) {
                seen.add(
                        new BlockEntry(
                                block.id(),
                                block.series(),
                                block.samples(),
                                block.agents(),
                                block.metrics()));
            }
        }
        seen.sort(ORDER);
        return new DayListing(seen, halfBlocks, unknownNames, histBytes);
    }

    DayListing {
        entries = List.copyOf(entries);
    }

    /// Pairs the files of series with those of samples.
    static DayListing of(List<ObjectInfo> series, List<ObjectInfo> samples, List<ObjectInfo> hist) {
        Map<BlockId, ObjectInfo> samplesOf = new HashMap<>();
        int unknown = 0;
        for (ObjectInfo object : samples) {
            Optional<BlockId> id = BlockId.ofKey(object.key());
            if (id.isPresent()) {
                samplesOf.put(id.get(), object);
            } else {
                unknown++;
            }
        }
        List<BlockEntry> entries = new ArrayList<>();
        int half = 0;
        for (ObjectInfo object : series) {
            Optional<BlockId> id = BlockId.ofKey(object.key());
            if (id.isEmpty()) {
                unknown++;
                continue;
            }
            ObjectInfo other = samplesOf.remove(id.get());
            if (other == null) {
                half++;
            } else {
                entries.add(new BlockEntry(id.get(), object, other));
            }
        }
        entries.sort(ORDER);
        long histBytes = hist.stream().mapToLong(ObjectInfo::sizeBytes).sum();
        return new DayListing(entries, half + samplesOf.size(), unknown, histBytes);
    }

    /// Only the last `count` entries.
    DayListing newest(int count) {
        return count >= entries.size()
                ? this
                : new DayListing(
                        entries.subList(entries.size() - count, entries.size()),
                        halfBlocks,
                        unknownNames,
                        histBytes);
    }
}
