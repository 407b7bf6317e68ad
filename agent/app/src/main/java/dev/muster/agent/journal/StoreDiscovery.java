package dev.muster.agent.journal;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import java.util.List;
import java.util.function.Supplier;

/// What a store holds as targets: each for as long as it is held. Thread-safe.
public final class StoreDiscovery implements Discovery {
    private final String kind;
    private final DiscoveryContext context;
    private final Changes changes;
    private final Supplier<List<TargetGroup>> targets;
    private final Runnable listener;

    /// @param changes of the store
    /// @param targets what it holds now
    public StoreDiscovery(
            String kind,
            DiscoveryContext context,
            Changes changes,
            Supplier<List<TargetGroup>> targets) {
        this.kind = kind;
        this.context = context;
        this.changes = changes;
        this.targets = targets;
        listener = context.changed()::run;
        changes.listen(listener);
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public DiscoveryState state() {
        return new DiscoveryState(targets.get(), Math.max(0, context.clock().millis()), "");
    }

    @Override
    public void close() {
        changes.forget(listener);
    }
}
