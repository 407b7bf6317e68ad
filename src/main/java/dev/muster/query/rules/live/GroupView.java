package dev.muster.query.rules.live;

import dev.muster.query.rules.GroupRun;
import java.util.List;

/// A group as it is now.
///
/// @param file that it stands in
/// @param name of its own in the file
/// @param intervalMs from one evaluation to the next
/// @param limit most series or alerts of one rule; 0 for any number
/// @param local whether this node evaluates it
/// @param lastMs when it was last evaluated; 0 for never
/// @param lastNanos how long that took
/// @param rules in the order of the group
public record GroupView(
        String file,
        String name,
        long intervalMs,
        int limit,
        boolean local,
        long lastMs,
        long lastNanos,
        List<GroupRun.Status> rules) {
    public GroupView {
        rules = List.copyOf(rules);
    }
}
