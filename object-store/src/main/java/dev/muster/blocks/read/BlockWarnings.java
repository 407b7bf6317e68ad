package dev.muster.blocks.read;

import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.model.series.Completeness;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What is missing from one answer. Thread-safe.
final class BlockWarnings {
    /// Warnings shown; the rest is counted.
    private static final int SHOWN = 20;

    /// Hosts of a merged block that are named; the rest is counted.
    private static final int HOSTS = 8;

    private final BlockCatalog catalog;
    private final TimeRange range;
    private final LongAdder failures;
    private final List<String> shown = new ArrayList<>();
    private int hidden;
    private Completeness completeness = Completeness.NONE;

    BlockWarnings(BlockCatalog catalog, TimeRange range, LongAdder failures) {
        this.catalog = catalog;
        this.range = range;
        this.failures = failures;
    }

    /// Blocks that are to answer.
    synchronized void expect(List<BlockEntry> entries) {
        for (BlockEntry entry : entries) {
            completeness = completeness.plus(new Completeness(askedMs(entry), 0));
        }
    }

    /// Blocks that are left out, though they should answer.
    synchronized void leaveOut(List<BlockEntry> entries) {
        for (BlockEntry entry : entries) {
            long askedMs = askedMs(entry);
            completeness = completeness.plus(new Completeness(askedMs, askedMs));
        }
    }

    /// What is expected of blocks, and the part of it that is missing.
    synchronized Completeness completeness() {
        return completeness;
    }

    private synchronized void miss(BlockEntry entry) {
        long missingMs = completeness.missingMs() + askedMs(entry);
        completeness =
                new Completeness(
                        completeness.expectedMs(), Math.min(completeness.expectedMs(), missingMs));
    }

    /// The part of the time of a block's agents that is asked for.
    private long askedMs(BlockEntry entry) {
        return entry.expectedMs(range.startMs(), range.endMs());
    }

    void add(BlockEntry entry, IOException e) {
        if (e instanceof BucketException bucket
                && bucket.kind() == BucketException.Kind.NOT_FOUND) {
            catalog.vanished(entry.id());
            addLost(entry);
        } else {
            add(entry, e.getMessage());
        }
    }

    /// A block that was listed and is no longer there. Which of its files was missed first is not
    /// said: it depends on what was in memory.
    void addLost(BlockEntry entry) {
        add(entry, "was listed, and is no longer there");
    }

    private void add(BlockEntry entry, @Nullable String why) {
        failures.increment();
        miss(entry);
        add(entry.id().describe() + hosts(entry) + " is missing from the answer: " + why);
    }

    /// Whose samples a merged block has.
    private static String hosts(BlockEntry entry) {
        if (!entry.id().isMerged()) {
            return "";
        }
        List<String> all = entry.agents().stream().map(AgentSpan::host).distinct().toList();
        String named = String.join(",", all.subList(0, Math.min(HOSTS, all.size())));
        return " hosts=" + named + (all.size() > HOSTS ? ",… count=" + all.size() : "");
    }

    synchronized void add(String warning) {
        if (shown.size() < SHOWN) {
            shown.add(warning);
        } else {
            hidden++;
        }
    }

    synchronized List<String> list() {
        List<String> all = new ArrayList<>(shown);
        if (hidden > 0) {
            all.add("more blocks are missing from the answer: count=" + hidden);
        }
        return all;
    }
}
