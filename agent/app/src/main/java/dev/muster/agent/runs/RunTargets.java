package dev.muster.agent.runs;

import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.journal.StoreDiscovery;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.FetchResult;
import dev.muster.agent.scrape.fetch.HostSource;
import dev.muster.agent.scrape.fetch.KeptBody;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.util.List;

/// What is told of jobs as two targets: the jobs themselves, and the metrics of runs that ended.
/// None while there is no job.
///
/// @param store of the jobs
/// @param host the targets' instance
public record RunTargets(RunStore store, String host) implements DiscoverySettings {
    /// Name of the job of these targets, and the paths they begin with.
    public static final String JOB = "runs";

    public static final String PATH = "/runs";

    private static final String METRICS = PATH + "/metrics";

    @Override
    public String kind() {
        return JOB;
    }

    /// The body of a target.
    public BodySource source(String path) {
        return path.equals(METRICS)
                ? done -> done.accept(metrics())
                : new HostSource(
                        out -> RunSeries.write(store.jobs(), out),
                        task -> Thread.ofVirtual().start(task));
    }

    private FetchResult metrics() {
        List<EncodedFamily> families = store.nextMetrics();
        byte[] body = new byte[families.stream().mapToInt(EncodedFamily::sizeBytes).sum()];
        int at = 0;
        for (EncodedFamily family : families) {
            at = family.copyTo(body, at);
        }
        return new FetchResult.Kept(ExpositionFormat.PROMETHEUS_PROTOBUF, new KeptBody(body));
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return new StoreDiscovery(
                JOB,
                context,
                store.comings(),
                () -> store.jobs().isEmpty() ? List.of() : List.of(group(PATH), group(METRICS)));
    }

    private TargetGroup group(String path) {
        Labels labels = Labels.of(TargetGroup.ADDRESS, host, "__metrics_path__", path);
        return new TargetGroup(path, List.of(labels), Labels.EMPTY);
    }
}
