package dev.muster.query.cluster;

import dev.muster.federation.cluster.ShareFilter;
import dev.muster.model.series.SeriesSource;

/// Blocks and agents of a share as one source, over the caches of this node.
@FunctionalInterface
public interface ShareSources {
    SeriesSource of(ShareFilter filter);
}
