package dev.muster.agent.push;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.journal.StoreDiscovery;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.FetchResult;
import dev.muster.agent.scrape.fetch.KeptBody;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Optional;

/// The groups as targets: each for as long as it is held.
///
/// @param store holds them
public record PushedTargets(PushStore store) implements DiscoverySettings {
    /// Name of the job, and what the path of such a target begins with.
    public static final String JOB = "push";

    private static final String PATH = "__metrics_path__";

    @Override
    public String kind() {
        return JOB;
    }

    /// The body of the group whose path a target has.
    public BodySource source(String path) {
        Optional<GroupKey> key = key(path);
        return done ->
                done.accept(
                        key.flatMap(store::group)
                                .<FetchResult>map(group ->
                                        new FetchResult.Kept(
                                                ExpositionFormat.PROMETHEUS_PROTOBUF,
                                                new KeptBody(group.body())))
                                .orElseGet(() -> new FetchResult.Untold("the group is gone")));
    }

    private static Optional<GroupKey> key(String path) {
        try {
            return Optional.of(GroupPath.parse(path));
        } catch (PushException e) {
            return Optional.empty();
        }
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return new StoreDiscovery(
                JOB,
                context,
                store.changes(),
                () -> store.groups().stream().map(PushedTargets::target).toList());
    }

    private static TargetGroup target(PushGroup group) {
        String path = group.key().path();
        Labels labels = group.key().labels().toBuilder().set(PATH, path).build();
        return new TargetGroup(path, List.of(labels), Labels.EMPTY);
    }
}
