package dev.muster.query.rules.live;

import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.rules.RuleStore;
import dev.muster.query.rules.StateReader;
import java.time.InstantSource;
import java.util.function.Function;

/// What live groups work with.
///
/// @param config how rules are evaluated
/// @param queries answers them
/// @param stores takes the samples of a group, by its file and name
/// @param states what was said of alerts before
/// @param mark how far the data of the fleet has come
/// @param duties which groups are this node's
/// @param sink hears of alerts
/// @param metrics of all groups
/// @param clock the time
public record LiveParts(
        LiveConfig config,
        NodeQuery queries,
        Function<String, RuleStore> stores,
        StateReader states,
        FleetMark mark,
        Duties duties,
        NoticeSink sink,
        LiveMetrics metrics,
        InstantSource clock) {}
