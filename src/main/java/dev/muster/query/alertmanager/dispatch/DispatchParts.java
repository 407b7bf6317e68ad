package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.state.Inhibitor;
import dev.muster.query.alertmanager.state.Intents;
import dev.muster.query.alertmanager.state.NotificationLog;
import dev.muster.query.alertmanager.state.Silences;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/// What a dispatcher works with.
///
/// @param config of the file
/// @param silences that hold back
/// @param inhibitor that holds back
/// @param endedAlerts whether the alert of a fingerprint is known to have ended
/// @param log of who was told what
/// @param intents of nodes to tell
/// @param settle waits for a moment until other nodes know of them
/// @param underWay counts deliveries
/// @param timeline its time
/// @param claims whether this node tells
/// @param metrics counts
/// @param deliveries is told how deliveries go
/// @param externalUrl where people reach the alert manager
/// @param groupLimit most groups
/// @param retention how long the log keeps an entry at most
/// @param random spreads tries
public record DispatchParts(
        AlertmanagerConfig config,
        Silences silences,
        Inhibitor inhibitor,
        LongPredicate endedAlerts,
        NotificationLog log,
        Intents intents,
        Runnable settle,
        UnderWay underWay,
        Timeline timeline,
        Claims claims,
        DispatchMetrics metrics,
        Deliveries deliveries,
        URI externalUrl,
        int groupLimit,
        Duration retention,
        RandomGenerator random) {}
