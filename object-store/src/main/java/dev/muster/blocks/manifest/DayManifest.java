package dev.muster.blocks.manifest;

import dev.muster.blocks.schema.BlockId;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What merging has made of the blocks of one cell and day. Drawn in docs/format/block-manifest.md.
///
/// Blocks that agents shipped are seen unless they are replaced; merged ones are seen only if they
/// are named.
///
/// @param version 0 where nothing was ever merged; each change adds 1
/// @param merged blocks to be read
/// @param replaced blocks not to be read any more, whose files are still there
public record DayManifest(
        String cell,
        LocalDate date,
        long version,
        List<MergedBlock> merged,
        List<ReplacedBlock> replaced) {
    /// Most versions of one day.
    public static final long LAST_VERSION = 99_999_999;

    public DayManifest {
        if (version < 0 || version > LAST_VERSION) {
            throw new IllegalArgumentException(
                    "manifest: version must be within 0 and %d: found=%d"
                            .formatted(LAST_VERSION, version));
        }
        merged = List.copyOf(merged);
        replaced = List.copyOf(replaced);
        for (MergedBlock block : merged) {
            refuseOther(cell, date, block.id());
        }
        for (ReplacedBlock block : replaced) {
            refuseOther(cell, date, block.id());
        }
    }

    private static void refuseOther(String cell, LocalDate date, BlockId id) {
        if (!id.cell().equals(cell) || !id.date().equals(date)) {
            throw new IllegalArgumentException(
                    "manifest cell=%s date=%s: block must be of that: found=%s"
                            .formatted(cell, date, id.seriesKey()));
        }
    }

    /// Before the first merge.
    public static DayManifest empty(String cell, LocalDate date) {
        return new DayManifest(cell, date, 0, List.of(), List.of());
    }

    /// The next version.
    public DayManifest next(List<MergedBlock> nowMerged, List<ReplacedBlock> nowReplaced) {
        return new DayManifest(cell, date, version + 1, nowMerged, nowReplaced);
    }

    /// Finds replaced blocks.
    public Lookup lookup() {
        return new Lookup(this);
    }

    /// Says which blocks are replaced.
    public static final class Lookup {
        private final Map<BlockId, ReplacedBlock> replaced;

        private Lookup(DayManifest manifest) {
            replaced =
                    manifest.replaced.stream()
                            .collect(
                                    Collectors.toMap(
                                            ReplacedBlock::id,
                                            Function.identity(),
                                            (a, b) -> b,
                                            HashMap::new));
        }

        /// Has another block the samples of this one? A later one of the same name has others.
        ///
        /// @param seriesEtag of the file of series as it is now
        public boolean isReplaced(BlockId id, String seriesEtag) {
            @Nullable ReplacedBlock found = replaced.get(id);
            return found != null && found.seriesEtag().equals(seriesEtag);
        }
    }
}
