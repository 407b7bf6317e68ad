package dev.muster.query.api;

import dev.muster.query.alerts.Alertmanagers;
import dev.muster.query.forward.Outbox;
import dev.muster.query.rules.live.LiveRules;

/// What the API shows of rules, and what it sends on.
///
/// @param live all groups
/// @param alertmanagers who is told of alerts
/// @param outbox samples on their way to agents
public record RuleParts(LiveRules live, Alertmanagers alertmanagers, Outbox outbox) {}
