package dev.muster.blocks.compact;

import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.schema.BlockLevel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Says which blocks of one cell and day are to be merged now.
final class MergePlan {
    /*
     * A day that is over becomes L2 at once, if its blocks are few enough for one merge; else its windows become L1
     * before. While it goes on, windows of two hours that are over become L1. Blocks that come late, beside an L1 of their
     * window, are merged with each other and with all of the day once it is over; beside an L2 they are merged with each
     * other when they are many, or old: a large block is written once, and how many stand beside it is limited.
     */
    private static final long SLOT_MS = 7_200_000;
    private static final int LATE_BLOCKS = 8;
    private static final long LATE_MS = 86_400_000;
    private static final long INPUT_BYTES = 1 << 20;

    /// What writing takes: one row group of series and one of samples.
    private static final long OUTPUT_BYTES = 24L << 20;

    private final CompactionConfig config;
    private final long nowMs;

    private MergePlan(CompactionConfig config, long nowMs) {
        this.config = config;
        this.nowMs = nowMs;
    }

    /// What is to be done, in this order.
    ///
    /// @param blocks those that are seen of one cell and day
    static List<MergeJob> of(List<BlockEntry> blocks, CompactionConfig config, long nowMs) {
        MergePlan plan = new MergePlan(config, nowMs);
        Map<String, List<BlockEntry>> byTaker = new TreeMap<>();
        for (BlockEntry entry : blocks) {
            byTaker.computeIfAbsent(entry.id().by(), _ -> new ArrayList<>()).add(entry);
        }
        List<MergeJob> jobs = new ArrayList<>();
        byTaker.values().forEach(some -> jobs.addAll(plan.jobs(some)));
        return jobs;
    }

    private boolean isOver(long endMs) {
        return nowMs - endMs >= config.minAge().toMillis();
    }

    private List<MergeJob> jobs(List<BlockEntry> blocks) {
        long endMs =
                blocks.getFirst()
                        .id()
                        .date()
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli();
        for (BlockEntry entry : blocks) {
            endMs = Math.max(endMs, entry.id().range().endMs());
        }
        if (isOver(endMs) && blocks.size() <= config.inputs()) {
            return day(blocks);
        }
        List<MergeJob> windows = windows(blocks);
        return windows.isEmpty() && isOver(endMs) ? day(blocks) : windows;
    }

    private List<MergeJob> day(List<BlockEntry> blocks) {
        List<BlockEntry> others = new ArrayList<>(blocks);
        others.removeIf(entry -> entry.id().level() == BlockLevel.L2);
        boolean first = others.size() == blocks.size();
        return first || others.size() >= LATE_BLOCKS || areOld(others)
                ? merges(BlockLevel.L2, others)
                : List.of();
    }

    private boolean areOld(List<BlockEntry> blocks) {
        return blocks.stream()
                .map(entry -> entry.series().lastModified())
                .max(Comparator.naturalOrder())
                .map(Instant::toEpochMilli)
                .filter(newestMs -> nowMs - newestMs >= LATE_MS)
                .isPresent();
    }

    private List<MergeJob> windows(List<BlockEntry> blocks) {
        Map<Long, List<BlockEntry>> slots = new TreeMap<>();
        for (BlockEntry entry : blocks) {
            if (entry.id().level() == BlockLevel.L0) {
                long slot = entry.id().range().startMs() / SLOT_MS;
                slots.computeIfAbsent(slot, _ -> new ArrayList<>()).add(entry);
            }
        }
        List<MergeJob> jobs = new ArrayList<>();
        slots.forEach((slot, some) -> {
            long endMs = (slot + 1) * SLOT_MS;
            for (BlockEntry entry : some) {
                endMs = Math.max(endMs, entry.id().range().endMs());
            }
            if (isOver(endMs)) {
                jobs.addAll(merges(BlockLevel.L1, some));
            }
        });
        return jobs;
    }

    /// One merge, or several that keep to the limits.
    private List<MergeJob> merges(BlockLevel level, List<BlockEntry> blocks) {
        List<MergeJob> jobs = new ArrayList<>();
        List<BlockEntry> some = new ArrayList<>();
        for (BlockEntry entry : blocks) {
            some.add(entry);
            if (some.size() > 2 && (some.size() > config.inputs() || isTooLarge(some))) {
                some.removeLast();
                jobs.add(new MergeJob(level, some));
                some = new ArrayList<>(List.of(entry));
            }
        }
        if (some.size() > 1) {
            jobs.add(new MergeJob(level, some));
        }
        return jobs;
    }

    /// A merge holds the series files of its blocks and some pages of each, and in the end the
    /// series file that it made, which has each series once for each agent.
    private boolean isTooLarge(List<BlockEntry> blocks) {
        long all = 0;
        long largest = 0;
        for (BlockEntry entry : blocks) {
            all += entry.series().sizeBytes();
            largest = Math.max(largest, entry.series().sizeBytes());
        }
        long hosts = blocks.stream().flatMap(one -> one.agents().stream()).distinct().count();
        long made = Math.min(all, largest * Math.max(2, hosts));
        return OUTPUT_BYTES + all + made + INPUT_BYTES * blocks.size() > config.memoryBytes();
    }
}
