package dev.muster.blocks.compact;

import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockLevel;
import dev.muster.blocks.schema.MergeName;
import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.model.time.TimeRange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/// Blocks that are to become one, or a few parts by metric.
///
/// @param level of what they become
/// @param inputs two or more of one cell and day, of samples that the same one took; by time, then
///   by name
record MergeJob(BlockLevel level, List<BlockEntry> inputs) {
    /// Goes into the names of merges: another way of writing gives other names.
    private static final String FORM = "muster-merge 1";

    MergeJob {
        inputs =
                inputs.stream()
                        .sorted(
                                Comparator.comparing((BlockEntry entry) -> entry.id().range())
                                        .thenComparing(entry -> entry.id().seriesKey()))
                        .toList();
        BlockId first = inputs.getFirst().id();
        for (BlockEntry entry : inputs) {
            BlockId id = entry.id();
            if (!id.cell().equals(first.cell())
                    || !id.date().equals(first.date())
                    || !id.by().equals(first.by())) {
                throw new IllegalArgumentException(
                        "merge: blocks must be of one cell, day and taker: found="
                                + id.seriesKey());
            }
        }
    }

    String cell() {
        return inputs.getFirst().id().cell();
    }

    /// From the start of the first to the end of the last.
    TimeRange range() {
        long startMs = Long.MAX_VALUE;
        long endMs = Long.MIN_VALUE;
        for (BlockEntry entry : inputs) {
            startMs = Math.min(startMs, entry.id().range().startMs());
            endMs = Math.max(endMs, entry.id().range().endMs());
        }
        return new TimeRange(startMs, endMs);
    }

    List<AgentSpan> agents() {
        return AgentSpan.joined(inputs.stream().flatMap(one -> one.agents().stream()).toList());
    }

    long sizeBytes() {
        return inputs.stream()
                .mapToLong(one -> one.series().sizeBytes() + one.samples().sizeBytes())
                .sum();
    }

    private int parts(CompactionConfig config) {
        long samples = inputs.stream().mapToLong(one -> one.samples().sizeBytes()).sum();
        return Math.clamp(Math.ceilDiv(samples, config.maxBytes()), 1, MergeName.PARTS_LIMIT);
    }

    /// What comes of it: the same for the same blocks and deletions, whoever merges.
    List<BlockId> outputs(CompactionConfig config, List<Tombstone> deleted) {
        int parts = parts(config);
        StringBuilder text = new StringBuilder(FORM).append('\n').append(level).append('\n');
        text.append(config.writer()).append(' ').append(parts).append('\n');
        for (BlockEntry entry : inputs) {
            text.append(entry.series().key()).append(' ').append(entry.series().etag());
            text.append(' ').append(entry.samples().etag()).append('\n');
        }
        deleted.stream().map(Tombstone::id).sorted().forEach(id -> text.append(id).append('\n'));
        String hash = hash(text.toString());
        return IntStream.rangeClosed(1, parts)
                .mapToObj(part ->
                        BlockId.merged(
                                cell(),
                                new MergeName(hash, part, parts),
                                inputs.getFirst().id().by(),
                                range(),
                                level))
                .toList();
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, Long.BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
