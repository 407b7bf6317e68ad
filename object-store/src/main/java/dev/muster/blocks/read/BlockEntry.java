package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.MergeName;
import dev.muster.blocks.schema.MetricPlaces;
import dev.muster.blocks.schema.TableFile;
import java.util.List;
import java.util.function.Predicate;

/// A block that is visible in the bucket.
///
/// @param id which block it is
/// @param series its file of series
/// @param samples its file of samples
/// @param agents the time of agents that it holds
/// @param metrics where the samples of its metrics lie, if that is known
public record BlockEntry(
        BlockId id,
        ObjectInfo series,
        ObjectInfo samples,
        List<AgentSpan> agents,
        MetricPlaces metrics) {
    public BlockEntry {
        agents = List.copyOf(agents);
    }

    /// A block as its agent shipped it.
    public BlockEntry(BlockId id, ObjectInfo series, ObjectInfo samples) {
        this(id, series, samples, List.of(new AgentSpan(id.host(), id.range())), MetricPlaces.NONE);
    }

    /// The file of histograms is not listed: the series file says all there is to know of it, and
    /// what is not as it says is noticed.
    ObjectInfo hist(TableFile table) {
        return new ObjectInfo(
                id.histKey(), table.sizeBytes(), series.etag(), series.lastModified());
    }

    /// The same block, of which only some agents count.
    BlockEntry of(Predicate<String> hosts) {
        List<AgentSpan> some = agents.stream().filter(span -> hosts.test(span.host())).toList();
        return some.size() == agents.size()
                ? this
                : new BlockEntry(id, series, samples, some, metrics);
    }

    /// The part of all the time of its agents between two times: what a block of so many parts
    /// answers for is divided among them, without a rest.
    long expectedMs(long startMs, long endMs) {
        long all = 0;
        for (AgentSpan span : agents) {
            long from = Math.max(startMs, span.range().startMs());
            all += Math.max(0, Math.min(endMs, span.range().endMs()) - from);
        }
        MergeName name = id.mergeName().orElse(null);
        return name == null
                ? all
                : all * name.part() / name.parts() - all * (name.part() - 1) / name.parts();
    }
}
