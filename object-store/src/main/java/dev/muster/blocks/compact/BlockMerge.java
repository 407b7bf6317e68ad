package dev.muster.blocks.compact;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.read.BlockScan;
import dev.muster.blocks.read.MergedSamples;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.MergeName;
import dev.muster.blocks.schema.SeriesPlace;
import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.blocks.write.BlockOutput;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Writes one block of many, series by series in the order that all have. A row is a series of one
/// agent, so that a merge loses nothing of whose samples they are. Confined to one thread, used
/// once.
final class BlockMerge {
    /*
     * Every block is read from its start to its end, page by page, and each series is read from all blocks that stand at it
     * before any of them goes on. So what is in memory does not grow with the blocks, but for their series files.
     */
    private static final int LEAST_RUN_BYTES = 1 << 16;
    private static final int MOST_RUN_BYTES = 1 << 20;

    /// Columns of samples that are read.
    private static final int COLUMNS = 3;

    private final Bucket bucket;
    private final MergeJob job;
    private final CompactionConfig config;
    private final Deletions deletions;
    private final Pace pace;
    private final SampleColumns spare = new SampleColumns(0);
    private long sinceWait;

    BlockMerge(
            Bucket bucket,
            MergeJob job,
            CompactionConfig config,
            List<Tombstone> deleted,
            Pace pace) {
        this.bucket = bucket;
        this.job = job;
        this.config = config;
        this.pace = pace;
        deletions = new Deletions(deleted);
    }

    /// A block that is read.
    ///
    /// @param order its place among the blocks, by time
    private record Input(BlockScan scan, int order) {
        boolean isAt(SeriesPlace place, String agent) {
            return scan.agent().equals(agent) && scan.place().equals(place);
        }
    }

    private static final Comparator<Input> ORDER =
            Comparator.comparing((Input input) -> input.scan().place())
                    .thenComparing(input -> input.scan().agent())
                    .thenComparing(Input::order);

    /// Writes the series that go into one block.
    LocalBlock write(BlockId id, Path directory) throws IOException {
        MergeName part = id.mergeName().orElseThrow();
        PriorityQueue<Input> inputs = open(part);
        try (BlockOutput output = new BlockOutput(id, directory, config.writer())) {
            List<Input> same = new ArrayList<>();
            while (!inputs.isEmpty()) {
                same.clear();
                same.add(inputs.remove());
                SeriesPlace place = same.getFirst().scan().place();
                String agent = same.getFirst().scan().agent();
                while (!inputs.isEmpty() && inputs.element().isAt(place, agent)) {
                    same.add(inputs.remove());
                }
                merge(same, output);
                for (Input input : same) {
                    if (next(input.scan(), part)) {
                        inputs.add(input);
                    }
                }
            }
            return output.finish();
        }
    }

    private PriorityQueue<Input> open(MergeName part) throws IOException {
        long each = config.memoryBytes() / 4 / COLUMNS / job.inputs().size();
        int runBytes = Math.clamp(each, LEAST_RUN_BYTES, MOST_RUN_BYTES);
        PriorityQueue<Input> inputs = new PriorityQueue<>(ORDER);
        int order = 0;
        for (BlockEntry entry : job.inputs()) {
            BlockScan scan = BlockScan.open(bucket, entry, runBytes);
            if (next(scan, part)) {
                inputs.add(new Input(scan, order));
            }
            order++;
        }
        return inputs;
    }

    /// Moves to the next series of the part.
    private static boolean next(BlockScan scan, MergeName part) throws IOException {
        while (scan.next()) {
            if (part.holds(scan.place().metric())) {
                return true;
            }
        }
        return false;
    }

    /// @param same the blocks that have the series, by time
    private void merge(List<Input> same, BlockOutput output) throws IOException {
        BlockScan first = same.getFirst().scan();
        SampleColumns samples = output.samples();
        for (Input input : same) {
            int middle = samples.size();
            input.scan().read(samples);
            MergedSamples.join(samples, 0, middle, false, spare);
        }
        int read = samples.size();
        deletions.apply(first.labels(), samples);
        output.add(first.agent(), first.labels(), described(same));
        sinceWait += read;
        if (sinceWait >= (long) config.writer().rowGroupPages() * config.writer().pageRows()) {
            sinceWait = 0;
            pace.await();
        }
    }

    /// As the newest block has it, of those that have a help text if one does.
    private static MetricMetadata described(List<Input> same) {
        for (Input input : same.reversed()) {
            if (!input.scan().described().help().isEmpty()) {
                return input.scan().described();
            }
        }
        return same.getLast().scan().described();
    }
}
