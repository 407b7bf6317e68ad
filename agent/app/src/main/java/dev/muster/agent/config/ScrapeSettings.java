package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What is scraped: `muster.scrape.*`. The limits hold for jobs that set none of their own; 0 means
/// no limit.
@ConfigMapping(prefix = "muster.scrape")
public interface ScrapeSettings {
    /// File with Prometheus' `scrape_configs`. Read again when it changes. Default: none, so that
    /// only the host itself is scraped.
    Optional<Path> configFile();

    /// Between two scrapes of a target, 250 ms to 1 d.
    @WithDefault("1s")
    Duration interval();

    /// For a whole scrape, at most the interval. Default: the interval, at most 10 s.
    Optional<Duration> timeout();

    /// Most bytes of a body, inflated, such as `16MB`.
    @WithDefault("16MB")
    String bodySizeLimit();

    /// Most bytes that the bodies of all scrapes going on may take together. Default: a third of
    /// the heap.
    Optional<String> bodyMemoryLimit();

    /// Memory that the series of all targets may take: what is remembered of them, their labels and
    /// the index over them, without their samples. Beyond it new series of the metric that takes
    /// most are folded into a count. Default: 30 % of the heap.
    Optional<String> memoryBudget();

    /// Most samples of a scrape after metric relabelling.
    @WithDefault("0")
    int sampleLimit();

    /// Most labels of a series.
    @WithDefault("0")
    int labelLimit();

    /// Most characters of a label name.
    @WithDefault("0")
    int labelNameLengthLimit();

    /// Most characters of a label value.
    @WithDefault("0")
    int labelValueLengthLimit();

    /// Name of the Kubernetes node that this process runs on. Default: the environment variable
    /// `NODE_NAME`.
    Optional<String> kubernetesNode();

    /// What `kubernetes_sd_configs` find: `node`, what runs on that node, or `cluster`, all.
    @WithDefault("node")
    String kubernetesScope();
}
