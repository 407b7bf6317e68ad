package dev.muster.query.alertmanager;

import dev.muster.query.alertmanager.dispatch.Claims;
import dev.muster.query.alertmanager.dispatch.Deliveries;
import dev.muster.query.alertmanager.dispatch.DispatchMetrics;
import dev.muster.query.alertmanager.dispatch.Timeline;
import java.net.URI;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What the alert manager works with.
///
/// @param timeline its time
/// @param claims which groups this node tells of
/// @param outlet where it goes what is learned
/// @param metrics of groups and deliveries
/// @param deliveries is told how deliveries go
/// @param witness writes down what becomes of alerts and silences
/// @param node name of this node
/// @param run tells the runs of this node apart
/// @param limits bounds
/// @param externalUrl where people reach it
/// @param ids makes names of silences
/// @param random spreads tries
public record HubParts(
        Timeline timeline,
        Claims claims,
        StateOutlet outlet,
        DispatchMetrics metrics,
        Deliveries deliveries,
        AlertWitness witness,
        String node,
        long run,
        HubLimits limits,
        URI externalUrl,
        Supplier<String> ids,
        RandomGenerator random) {}
