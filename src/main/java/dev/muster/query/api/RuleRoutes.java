package dev.muster.query.api;

import dev.muster.query.rules.live.LiveRules;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/// The routes of rules and alerts.
///
/// @param parts of the API
/// @param dispatcher runs the calls
record RuleRoutes(ApiParts parts, Dispatcher dispatcher) {
    void register(RouteTable routes) {
        LiveRules live = parts.rules().live();
        PeerGroups all = new PeerGroups(live::groups, parts.rules().peers(), parts.rules().nodes());
        RuleCalls rules = new RuleCalls(live::groups, all, parts.rules().alertmanagers());
        routes.get("rules", "rules", false, rules::rules);
        routes.get("alerts", "alerts", false, rules::alerts);
        routes.get("alertmanagers", "alertmanagers", false, rules::alertmanagers);
        BackTestCalls tests = new BackTestCalls(parts, dispatcher);
        routes.post("rules/backtest", "rules_backtest", tests::post);
        routes.get("rules/health", "rules_health", true, tests::health);
        RuleFileCalls files =
                new RuleFileCalls(parts.rules(), parts.switches().admin(), dispatcher, tests);
        routes.get("rules/files", "rules_files", false, files::files);
        routes.get("rules/files/:name", "rules_file", false, files::text);
        routes.put("rules/files/:name", files::put);
        routes.on(HttpMethod.DELETE, RouteTable.API + "rules/files/:name", files::delete);
        WriteCalls write = new WriteCalls(parts.rules().forward(), dispatcher);
        routes.post("write", "write", write::write);
        routes.post("otlp/v1/metrics", "otlp", write::otlp);
        for (HttpMethod method : List.of(HttpMethod.POST, HttpMethod.PUT)) {
            routes.on(method, "/-/reload", this::reload);
        }
        routes.on(
                HttpMethod.GET,
                "/-/reload",
                context ->
                        RouteTable.respondPlainly(
                                context, 405, "Only POST or PUT requests allowed"));
    }

    /// Rule files and the alert manager's file are read again; all other settings of this node are
    /// read at its start alone.
    private void reload(RoutingContext context) {
        if (!parts.switches().lifecycle()) {
            RouteTable.respondPlainly(context, 403, "Lifecycle API is not enabled.");
            return;
        }
        dispatcher.handle(
                context,
                "reload",
                false,
                call -> {
                    List<String> errors = new ArrayList<>(parts.rules().live().reload());
                    errors.addAll(parts.rules().reloadAlertmanager().get());
                    return errors.isEmpty()
                            ? Answer.plain("text/plain; charset=utf-8", out -> {})
                            : Answer.text(
                                    500, "failed to reload config: " + String.join("\n", errors));
                });
    }
}
