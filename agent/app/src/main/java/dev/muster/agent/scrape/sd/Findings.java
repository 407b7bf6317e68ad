package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/// What a discovery found last, and whether it still finds. Counts, keeps to limits, logs an error
/// once, and tells of changes. Thread-safe.
public final class Findings {
    private static final Logger LOG = System.getLogger(Findings.class.getName());

    private final String kind;
    private final String what;
    private final DiscoveryContext context;
    private final DiscoveryLimits limits;
    private volatile DiscoveryState state = DiscoveryState.NONE;

    /// @param kind of the discovery
    /// @param what it asks, for the log
    public Findings(String kind, String what, DiscoveryContext context) {
        this(kind, what, context, DiscoveryLimits.DEFAULT);
    }

    Findings(String kind, String what, DiscoveryContext context, DiscoveryLimits limits) {
        this.kind = kind;
        this.what = what;
        this.context = context;
        this.limits = limits;
    }

    /// The last that was right, and the error since.
    public DiscoveryState state() {
        return state;
    }

    /// There was an answer.
    public synchronized void found(Found found) {
        Optional<String> over = limits.exceededBy(found.groups());
        if (over.isPresent()) {
            context.metrics().overLimit(kind);
            failed(over.get());
            return;
        }
        DiscoveryState before = state;
        boolean same = before.groups().equals(found.groups());
        // the same objects stay, so that memory is not held twice
        List<TargetGroup> kept = same ? before.groups() : found.groups();
        if (found.error().isEmpty()) {
            context.metrics().refreshed(kind);
            if (!before.error().isEmpty()) {
                LOG.log(Level.INFO, () -> "discovery answers again kind=" + kind + " of=" + what);
            }
            state = new DiscoveryState(kept, Math.max(1, context.clock().millis()), "");
        } else {
            state = new DiscoveryState(kept, before.updatedMs(), before.error());
            failed(found.error());
        }
        if (!same) {
            context.changed().run();
        }
    }

    /// There was no answer, or a wrong one.
    public synchronized void failed(String reason) {
        context.metrics().failed(kind);
        if (!reason.equals(state.error())) {
            LOG.log(
                    Level.WARNING,
                    () ->
                            "discovery keeps its last targets kind="
                                    + kind
                                    + " of="
                                    + what
                                    + ": "
                                    + reason);
        }
        state = state.failed(reason);
    }
}
