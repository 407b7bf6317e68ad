package dev.muster.query.api;

import dev.muster.query.alerts.Alertmanagers;
import dev.muster.query.forward.WriteForward;
import dev.muster.query.rules.live.LiveRules;
import dev.muster.query.rules.live.RuleDirectory;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the API shows of rules, and what it sends on.
///
/// @param live all groups
/// @param files rule files that come over the API, if they may
/// @param changed is told the name of one that was changed here
/// @param alertmanagers who is told of alerts
/// @param reloadAlertmanager reads the own alert manager's file again, and says what is wrong in it
/// @param forward what is written to this node, on its way to agents
/// @param peers where other query nodes that evaluate groups are reached
/// @param nodes asks them
public record RuleParts(
        LiveRules live,
        Optional<RuleDirectory> files,
        Consumer<String> changed,
        Alertmanagers alertmanagers,
        Supplier<List<String>> reloadAlertmanager,
        WriteForward forward,
        Supplier<List<URI>> peers,
        HttpClient nodes) {}
