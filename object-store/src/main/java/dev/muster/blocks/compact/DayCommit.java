package dev.muster.blocks.compact;

import dev.muster.blocks.manifest.DayManifest;
import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.manifest.MergedBlock;
import dev.muster.blocks.manifest.ReplacedBlock;
import dev.muster.blocks.read.BlockEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Puts merged blocks into the place of those that they were made of, for all readers at once.
final class DayCommit {
    /// Others may have committed in between, to the same day.
    private static final int TRIES = 8;

    enum Outcome {
        /// Merged blocks are seen, and the others are not.
        DONE,
        /// Another has merged some of these blocks before.
        LOST,
        /// Others committed all the time.
        CONTESTED
    }

    private final ManifestStore manifests;
    private final MergeJob job;
    private final List<MergedBlock> outputs;
    private final long nowMs;

    DayCommit(ManifestStore manifests, MergeJob job, List<MergedBlock> outputs, long nowMs) {
        this.manifests = manifests;
        this.job = job;
        this.outputs = outputs;
        this.nowMs = nowMs;
    }

    Outcome run() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            DayManifest now = manifests.load(job.cell(), job.inputs().getFirst().id().date());
            if (has(now)) {
                return Outcome.DONE;
            }
            if (!isOpen(job, now)) {
                return Outcome.LOST;
            }
            if (manifests.commit(next(now))) {
                return Outcome.DONE;
            }
        }
        return Outcome.CONTESTED;
    }

    private boolean has(DayManifest now) {
        Set<Object> ids = new HashSet<>();
        now.merged().forEach(block -> ids.add(block.id()));
        return outputs.stream().allMatch(block -> ids.contains(block.id()));
    }

    /// Are all blocks of the merge still to be read?
    static boolean isOpen(MergeJob job, DayManifest now) {
        DayManifest.Lookup replaced = now.lookup();
        Set<Object> merged = new HashSet<>();
        now.merged().forEach(block -> merged.add(block.id()));
        for (BlockEntry entry : job.inputs()) {
            boolean open =
                    entry.id().isMerged()
                            ? merged.contains(entry.id())
                            : !replaced.isReplaced(entry.id(), entry.series().etag());
            if (!open) {
                return false;
            }
        }
        return true;
    }

    private DayManifest next(DayManifest now) {
        Set<Object> gone = new HashSet<>();
        job.inputs().forEach(entry -> gone.add(entry.id()));
        List<MergedBlock> merged = new ArrayList<>(now.merged());
        merged.removeIf(block -> gone.contains(block.id()));
        merged.addAll(outputs);
        List<ReplacedBlock> replaced = new ArrayList<>(now.replaced());
        replaced.removeIf(block -> gone.contains(block.id()));
        for (BlockEntry entry : job.inputs()) {
            replaced.add(
                    new ReplacedBlock(
                            entry.id(), entry.series().etag(), entry.samples().etag(), nowMs));
        }
        return now.next(merged, replaced);
    }
}
