package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.manifest.DayManifest;
import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.manifest.MergedBlock;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.retention.RetainedTable;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.ShipResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Merges small blocks into large ones, and deletes what was replaced. Confined to one thread;
/// several nodes may do the same at one time, and any may be killed anywhere.
public final class Compaction {
    /*
     * Of the blocks of a cell and day that are seen, those that are to be merged follow from the clock and the configuration.
     *   1. They are written as one, to local disk.
     *   2. That is shipped under a name that follows from what was merged. Nobody sees it.
     *   3. The next version of the manifest is put, if it is not there: now it is seen, and they are not. Of two that merge the
     *      same blocks one puts it; the other finds it done.
     *   4. After the grace the files of what was replaced go, series first, and the next version does not name them.
     * A node that is killed leaves what the next finds: before 3 a block that nobody sees, which another merge of the same
     * takes as it is, or which goes after the grace; after 3 files that go after the grace.
     */
    private static final Logger LOG = System.getLogger(Compaction.class.getName());

    /// A merge that fails so often is left alone for a day.
    private static final int TRIES = 3;

    /// Failing merges that are remembered.
    private static final int FAILING_LIMIT = 1_000;

    private static final long LEFT_ALONE_MS = 86_400_000;

    private final Bucket bucket;
    private final ManifestStore manifests;
    private final CompactionConfig config;
    private final Supplier<List<Tombstone>> tombstones;
    private final Path scratch;
    private final InstantSource clock;
    private final Pace pace;
    private final CompactionStats stats = new CompactionStats();
    private final Sweep sweep;

    /// By name of the merge.
    private final Map<String, Failing> failing = new LinkedHashMap<>();

    private record Failing(int times, long lastMs) {}

    /// @param tombstones all that are known: what final ones hide is left out
    /// @param scratch a directory of local disk that is ours alone; created if missing
    /// @param pace waits for what is more urgent
    public Compaction(
            Bucket bucket,
            CompactionConfig config,
            Supplier<List<Tombstone>> tombstones,
            Path scratch,
            InstantSource clock,
            Pace pace) {
        this.bucket = bucket;
        this.config = config;
        this.tombstones = tombstones;
        this.scratch = scratch;
        this.clock = clock;
        this.pace = pace;
        manifests = new ManifestStore(bucket);
        sweep = new Sweep(bucket, manifests, config.grace(), clock, stats);
    }

    public CompactionStats stats() {
        return stats;
    }

    /// Does a cell and day belong to this node?
    @FunctionalInterface
    public interface Mine {
        boolean test(String cell, LocalDate date);
    }

    /// Merges all that is due.
    ///
    /// @param seen blocks as a catalog knows them: they say which days are worth a look
    /// @param mine which days are this node's
    /// @return whether something was merged, so that more may be due
    /// @throws IOException if the bucket fails or the node stops; the rest is for the next round
    public boolean round(List<BlockEntry> seen, Mine mine) throws IOException {
        Map<ManifestStore.Place, List<BlockEntry>> places = new LinkedHashMap<>();
        for (BlockEntry entry : seen) {
            places.computeIfAbsent(
                            new ManifestStore.Place(entry.id().cell(), entry.id().date()),
                            _ -> new ArrayList<>())
                    .add(entry);
        }
        places.entrySet()
                .removeIf(place ->
                        !mine.test(place.getKey().cell(), place.getKey().date())
                                || MergePlan.of(place.getValue(), config, clock.millis())
                                        .isEmpty());
        stats.backlog.set(places.size());
        boolean merged = false;
        for (ManifestStore.Place place : places.keySet()) {
            merged |= merge(place);
            stats.backlog.decrementAndGet();
        }
        return merged;
    }

    /// Merges what is due of one cell and day, as it is in the bucket now.
    private boolean merge(ManifestStore.Place place) throws IOException {
        if (bucket.stat(RetainedTable.SAMPLES.mark(place.date())).isPresent()) {
            return false;
        }
        List<BlockEntry> blocks =
                new ArrayList<>(BlockCatalog.look(bucket, manifests, place.date()));
        blocks.removeIf(entry -> !entry.id().cell().equals(place.cell()));
        boolean merged = false;
        if (!blocks.isEmpty()) {
            for (MergeJob job : MergePlan.of(blocks, config, clock.millis())) {
                merged |= tried(job);
            }
        }
        return merged;
    }

    /// @return whether its blocks are seen now
    private boolean tried(MergeJob job) throws IOException {
        List<Tombstone> deleted = deleted(job);
        List<BlockId> outputs = job.outputs(config, deleted);
        String name = outputs.getFirst().seriesKey();
        Failing before = failing.get(name);
        if (before != null
                && before.times() >= TRIES
                && clock.millis() - before.lastMs() < LEFT_ALONE_MS) {
            return false;
        }
        try {
            boolean done = run(job, outputs, deleted);
            failing.remove(name);
            return done;
        } catch (IOException | RuntimeException e) {
            failed(name, before);
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.log(Level.WARNING, () -> "compaction failed, and is tried again block=" + name, e);
            return false;
        }
    }

    private void failed(String name, @Nullable Failing before) {
        stats.failures.increment();
        int times = before == null ? 1 : before.times() + 1;
        if (times == TRIES) {
            stats.givenUp.increment();
        }
        if (failing.size() >= FAILING_LIMIT) {
            failing.remove(failing.keySet().iterator().next());
        }
        failing.put(name, new Failing(times, clock.millis()));
    }

    /// What may not be taken back any more.
    private List<Tombstone> deleted(MergeJob job) {
        return tombstones.get().stream()
                .filter(one -> one.isFinal(clock.millis()) && one.range().overlaps(job.range()))
                .toList();
    }

    private boolean run(MergeJob job, List<BlockId> outputs, List<Tombstone> deleted)
            throws IOException {
        long startMs = clock.millis();
        List<MergedBlock> made = new ArrayList<>();
        for (BlockId output : outputs) {
            pace.await();
            made.add(make(job, output, deleted));
        }
        DayCommit.Outcome outcome = new DayCommit(manifests, job, made, clock.millis()).run();
        if (outcome != DayCommit.Outcome.DONE) {
            stats.lost.increment();
            LOG.log(
                    Level.INFO,
                    () ->
                            "compaction: in vain, as others merged too outcome=%s block=%s"
                                    .formatted(outcome, outputs.getFirst().seriesKey()));
            return false;
        }
        long bytes =
                made.stream()
                        .mapToLong(one -> one.series().sizeBytes() + one.samples().sizeBytes())
                        .sum();
        stats.merges.increment();
        stats.blocksIn.add(job.inputs().size());
        stats.blocksOut.add(made.size());
        stats.bytesIn.add(job.sizeBytes());
        stats.bytesOut.add(bytes);
        LOG.log(
                Level.INFO,
                () ->
                        "compaction: merged cell=%s level=%s blocks=%d bytesIn=%d bytesOut=%d parts=%d ms=%d"
                                .formatted(
                                        job.cell(),
                                        job.level(),
                                        job.inputs().size(),
                                        job.sizeBytes(),
                                        bytes,
                                        made.size(),
                                        clock.millis() - startMs));
        return true;
    }

    /// Writes and ships one block, of which nobody knows yet.
    private MergedBlock make(MergeJob job, BlockId id, List<Tombstone> deleted) throws IOException {
        LocalBlock local = new BlockMerge(bucket, job, config, deleted, pace).write(id, scratch);
        try {
            removeOld(id);
            if (BlockUpload.ship(bucket, local) == ShipResult.KEPT_OTHER) {
                throw new IOException(
                        id.describe() + ": what is there must be the same: key=" + id.seriesKey());
            }
            return new MergedBlock(
                    id, stat(id.seriesKey()), stat(id.samplesKey()), job.agents(), local.metrics());
        } finally {
            for (Path file : local.files()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// What an earlier merge left may be about to be swept: it is made anew.
    private void removeOld(BlockId id) throws IOException {
        Optional<ObjectInfo> there = bucket.stat(id.seriesKey());
        if (there.isEmpty()) {
            return;
        }
        long ageMs = clock.millis() - there.get().lastModified().toEpochMilli();
        DayManifest now = manifests.load(id.cell(), id.date());
        boolean seen = now.merged().stream().anyMatch(block -> block.id().equals(id));
        if (ageMs >= config.grace().toMillis() / 2 && !seen) {
            bucket.delete(id.seriesKey());
            bucket.delete(id.histKey());
            bucket.delete(id.samplesKey());
        }
    }

    private ObjectInfo stat(String key) throws IOException {
        return bucket.stat(key)
                .orElseThrow(() -> new IOException("merged block must be there: key=" + key));
    }

    /// Deletes what was replaced so long ago that nobody reads it any more, and what merges left
    /// behind. What could not be done is due at the next.
    ///
    /// @param days of which leftovers are looked for
    /// @throws IOException if the bucket fails
    public void sweep(List<LocalDate> days, Mine mine) throws IOException {
        sweep.run(days, mine);
    }
}
