package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Parts of queries that are answered here rather than where the query is: `muster.part.*`.
@ConfigMapping(prefix = "muster.part")
public interface PartSettings {
    /// Most that are answered at one time; 0 answers none.
    @WithDefault("2")
    int maxConcurrent();

    /// Most that wait for their turn; more are refused, and query nodes ask for samples instead.
    @WithDefault("32")
    int maxWaiting();

    /// Most samples that one may decode.
    @WithDefault("50000000")
    long maxSamples();

    /// Most series that one may find.
    @WithDefault("200000")
    long maxSeries();

    /// Most memory that the columns of one may take. Default: a tenth of the heap.
    Optional<String> maxMemory();

    /// Longest time for one, waiting included.
    @WithDefault("30s")
    Duration timeout();
}
