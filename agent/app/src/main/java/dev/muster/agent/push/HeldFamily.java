package dev.muster.agent.push;

import dev.muster.model.sample.MetricType;

/// A family of a group: where it lies in the group's body.
///
/// @param name of the family
/// @param type of the family
/// @param help text of the family
/// @param pushedMs when it was pushed, Unix time
/// @param metricCount metrics of it
/// @param start first byte in the body of the group
/// @param end one past its last byte
public record HeldFamily(
        String name,
        MetricType type,
        String help,
        long pushedMs,
        int metricCount,
        int start,
        int end) {}
