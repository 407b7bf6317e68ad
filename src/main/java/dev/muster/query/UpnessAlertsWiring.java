package dev.muster.query;

import dev.muster.federation.view.FleetView;
import dev.muster.promql.Expr;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.expected.Expected;
import dev.muster.query.fleet.Urls;
import dev.muster.query.receivers.DeadMansSwitch;
import dev.muster.query.rules.live.GroupView;
import dev.muster.query.rules.live.LiveRules;
import dev.muster.query.upnessalerts.SeverityRule;
import dev.muster.query.upnessalerts.UpnessAlertKind;
import dev.muster.query.upnessalerts.UpnessAlertSettings;
import dev.muster.query.upnessalerts.UpnessAlerts;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Alerts of the fleet itself, and the sign of life for those outside, as parts of a query node.
final class UpnessAlertsWiring implements AutoCloseable {
    /// A group that was not evaluated for so many of its intervals is not evaluated.
    private static final int INTERVALS_LATE = 3;

    private static final long LATE_MS = 30_000;

    private final UpnessAlerts alerts;
    private final Optional<DeadMansSwitch> alive;

    /// @param sink who is told
    UpnessAlertsWiring(
            QueryConfig config,
            String node,
            FleetView fleet,
            Supplier<List<Expected>> absences,
            NoticeSink sink,
            LiveRules rules,
            MeterRegistry registry,
            InstantSource clock) {
        alerts =
                new UpnessAlerts(
                        settings(config, rules.config().settings().externalUrl()),
                        fleet,
                        absences,
                        sink,
                        clock);
        alerts.register(registry);
        long startMs = clock.millis();
        alive = alive(config, node, () -> evaluates(rules, startMs, clock.millis()), registry);
    }

    static UpnessAlertSettings settings(QueryConfig config, URI externalUrl) {
        UpnessAlertsConfig own = config.upnessAlerts();
        Map<UpnessAlertKind, UpnessAlertsConfig.Kind> kinds = kinds(own);
        Set<UpnessAlertKind> on = EnumSet.noneOf(UpnessAlertKind.class);
        Map<UpnessAlertKind, String> severities = new EnumMap<>(UpnessAlertKind.class);
        kinds.forEach((kind, said) -> {
            if (said.enabled()) {
                on.add(kind);
            }
            said.severity().ifPresent(severity -> severities.put(kind, severity));
        });
        return Settings.checked(
                "muster.upness-alerts",
                () ->
                        new UpnessAlertSettings(
                                on,
                                severities,
                                rules(own.severities()),
                                own.settle(),
                                own.flapWindow(),
                                own.calm(),
                                config.rules().resendDelay(),
                                externalUrl));
    }

    private static Map<UpnessAlertKind, UpnessAlertsConfig.Kind> kinds(UpnessAlertsConfig config) {
        return Map.of(
                UpnessAlertKind.HOST_DOWN, config.hostDown(),
                UpnessAlertKind.AGENT_DOWN, config.agentDown(),
                UpnessAlertKind.SERVICE_DOWN, config.serviceDown(),
                UpnessAlertKind.MISSING, config.missing(),
                UpnessAlertKind.PARTITION, config.partition(),
                UpnessAlertKind.RACK_DOWN, config.rackDown(),
                UpnessAlertKind.CELL_DEGRADED, config.cellDegraded());
    }

    private static List<SeverityRule> rules(Map<String, String> severities) {
        List<SeverityRule> rules = new ArrayList<>();
        new TreeMap<>(severities).forEach((severity, text) -> rules.add(rule(severity, text)));
        return rules;
    }

    private static SeverityRule rule(String severity, String text) {
        try {
            if (PromQl.parse(text) instanceof Expr.VectorSelector selector) {
                return new SeverityRule(selector.matchers(), severity);
            }
        } catch (QueryException _) {
            // told below
        }
        throw new IllegalArgumentException(
                "severities must be selectors such as {zone=\"lab\"}: severity="
                        + severity
                        + ", found="
                        + text);
    }

    private static Optional<DeadMansSwitch> alive(
            QueryConfig config, String node, BooleanSupplier well, MeterRegistry registry) {
        UpnessAlertsConfig.DeadMansSwitch own = config.deadMansSwitch();
        if (own.url().isEmpty()) {
            return Optional.empty();
        }
        String name = URLEncoder.encode(node, StandardCharsets.UTF_8);
        URI url =
                Urls.parse(own.url().get().replace("{node}", name))
                        .orElseThrow(() ->
                                new StartException(
                                        StartException.Reason.CONFIG,
                                        "muster.dead-mans-switch.url must be an http or https"
                                                + " address"));
        return Settings.checked(
                "muster.dead-mans-switch",
                () -> {
                    try {
                        return Optional.of(new DeadMansSwitch(url, own.interval(), well, registry));
                    } catch (IOException e) {
                        throw new IllegalArgumentException(e);
                    }
                });
    }

    /// Are the groups of this node evaluated in time?
    static boolean evaluates(LiveRules rules, long startMs, long nowMs) {
        return rules.groups().stream()
                .filter(GroupView::local)
                .allMatch(group ->
                        nowMs - Math.max(startMs, group.lastMs())
                                <= INTERVALS_LATE * group.intervalMs() + LATE_MS);
    }

    void start() {
        alerts.start();
        alive.ifPresent(DeadMansSwitch::start);
    }

    @Override
    public void close() {
        alerts.close();
        alive.ifPresent(DeadMansSwitch::close);
    }
}
