package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.BlockId;
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
