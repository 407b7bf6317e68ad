package dev.muster.query.source;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the catalog says of the agents' blocks.
public final class BlocksShipped implements ShippedRanges {
    private final BlockCatalog catalog;

    public BlocksShipped(BlockCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Map<Owner, List<TimeRange>> in(TimeRange range) {
        Map<Owner, List<TimeRange>> ranges = new HashMap<>();
        for (BlockEntry block : catalog.blocks(range)) {
            if (catalog.isLost(block.id())) {
                continue;
            }
            for (AgentSpan agent : block.agents()) {
                if (agent.range().overlaps(range)) {
                    ranges.computeIfAbsent(
                                    new Owner(block.id().cell(), agent.host(), block.id().by()),
                                    owner -> new ArrayList<>())
                            .add(agent.range());
                }
            }
        }
        return ranges;
    }
}
