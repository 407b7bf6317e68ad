package dev.muster.blocks.retention;

import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.schema.AlertsBlockId;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockLevel;
import dev.muster.blocks.schema.UpnessBlockId;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What is kept for one time, and goes together.
public enum RetainedTable {
    /// Blocks: series, samples and histograms.
    SAMPLES,
    /// The table `upness`.
    UPNESS,
    /// The table `alerts`.
    ALERTS;

    /// As metrics and keys name it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What the keys of a day start with, in the order in which they go: a block is not seen any
    /// more once its series are gone.
    List<String> prefixes(LocalDate date) {
        return switch (this) {
            case SAMPLES ->
                    Stream.concat(
                                    // Without them merged blocks are not seen.
                                    Stream.of(ManifestStore.prefix(date)),
                                    Arrays.stream(BlockLevel.values())
                                            .flatMap(level ->
                                                    Stream.of(
                                                            BlockId.seriesPrefix(level, date),
                                                            BlockId.histPrefix(level, date),
                                                            BlockId.samplesPrefix(level, date))))
                            .toList();
            case UPNESS -> List.of(UpnessBlockId.prefix(date));
            case ALERTS -> List.of(AlertsBlockId.prefix(date));
        };
    }

    /// The key of the mark that a day of it is to go.
    public String mark(LocalDate date) {
        return "v1/retention/table=%s/date=%s.txt".formatted(label(), date);
    }
}
