package dev.muster.agent.scrape.job;

import java.util.List;

/// What a discovery knows. After a failure it is still the last that was right, with the error
/// beside it. Immutable.
///
/// @param groups what was found; a source stands there once
/// @param updatedMs when that was last confirmed, Unix time; 0 before the first time
/// @param error why it could not be confirmed since; empty when all is well
/// @param refused what was found and is not offered, such as by a policy; a bounded list
public record DiscoveryState(
        List<TargetGroup> groups, long updatedMs, String error, List<RefusedAddress> refused) {
    /// Nothing is known yet.
    public static final DiscoveryState NONE = new DiscoveryState(List.of(), 0, "");

    public DiscoveryState {
        groups = List.copyOf(groups);
        refused = List.copyOf(refused);
        if (updatedMs < 0) {
            throw new IllegalArgumentException(
                    "time of update must not be negative: updatedMs=" + updatedMs);
        }
    }

    /// The same groups after an attempt that failed.
    public DiscoveryState failed(String reason) {
        return new DiscoveryState(groups, updatedMs, reason, refused);
    }

    /// A state in which nothing is refused.
    public DiscoveryState(List<TargetGroup> groups, long updatedMs, String error) {
        this(groups, updatedMs, error, List.of());
    }
}
