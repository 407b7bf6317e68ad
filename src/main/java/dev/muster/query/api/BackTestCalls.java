package dev.muster.query.api;

import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.query.rules.Rule;
import dev.muster.query.rules.RuleFile;
import dev.muster.query.rules.RuleFileException;
import dev.muster.query.rules.RuleGroup;
import dev.muster.query.rules.backtest.BackTest;
import dev.muster.query.rules.backtest.BackTestReport;
import dev.muster.query.rules.backtest.Firing;
import dev.muster.query.rules.backtest.RangeQueries;
import dev.muster.query.rules.backtest.RuleHealth;
import dev.muster.query.rules.live.LiveRules;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What rules would have done, and which are of no use: `rules/backtest` and `rules/health`.
final class BackTestCalls {
    private static final int USUAL_DAYS = 30;
    private static final int DAYS_LIMIT = 366;
    private static final int FIRINGS_SHOWN = 1_000;

    private final PromQlEngine engine;
    private final SeriesSource source;
    private final LiveRules live;
    private final InstantSource clock;
    private final Dispatcher dispatcher;

    BackTestCalls(ApiParts parts, Dispatcher dispatcher) {
        engine = parts.engine();
        source = parts.source();
        live = parts.rules().live();
        clock = parts.clock();
        this.dispatcher = dispatcher;
    }

    /// The queries of one call. They leave some of its time for the answer.
    private final class Queries implements RangeQueries {
        private final CallBudget budget;
        private final Duration reserve;

        private Queries(CallBudget budget) {
            this.budget = budget;
            reserve = budget.left().dividedBy(4);
        }

        @Override
        public MatrixValue answer(String expr, Steps steps) throws QueryException, IOException {
            QueryOptions options =
                    QueryOptions.DEFAULT.withBudget(budget).withTimeout(budget.left());
            return engine.range(source, expr, steps, options).value() instanceof MatrixValue matrix
                    ? matrix
                    : new MatrixValue(List.of());
        }

        @Override
        public boolean hasTime() {
            return budget.left().compareTo(reserve) > 0;
        }
    }

    /// Takes a rule file as its body.
    void post(RoutingContext context) {
        var body = context.body().buffer();
        String text = body == null ? "" : body.toString(StandardCharsets.UTF_8);
        dispatcher.handle(context, "rules_backtest", true, call -> answer(call, text));
    }

    /// What the alerting rules of a file would have done.
    Answer answer(Call call, String text) throws ApiException, QueryException, IOException {
        int days = days(call.parameters());
        List<BackTestReport> reports = new ArrayList<>();
        Queries queries = new Queries(call.budget());
        for (RuleGroup group : groups(text)) {
            Duration interval = group.interval().orElse(live.config().interval());
            for (Rule rule : group.rules()) {
                if (rule instanceof Rule.Alerting alerting) {
                    reports.add(BackTest.run(queries, alerting, interval, days, clock.millis()));
                }
            }
        }
        return call.parameters().text("format").equals("text")
                ? text(reports)
                : Answer.of(json -> write(reports, json));
    }

    private static List<RuleGroup> groups(String text) throws ApiException {
        try {
            return RuleFile.parse("rules", text);
        } catch (RuleFileException e) {
            throw ApiException.badData(String.join("\n", e.errors()));
        }
    }

    private static int days(Parameters parameters) throws ApiException {
        String text = parameters.text("days");
        if (text.isEmpty()) {
            return USUAL_DAYS;
        }
        if (!text.matches("[0-9]{1,3}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > DAYS_LIMIT) {
            throw ApiException.badData("days must be 1 to " + DAYS_LIMIT + ": found=" + text);
        }
        return Integer.parseInt(text);
    }

    private static Answer text(List<BackTestReport> reports) {
        List<String> lines =
                reports.stream().map(report -> report.alert() + ": " + report.summary()).toList();
        return Answer.text(200, String.join("\n", lines));
    }

    private static void write(List<BackTestReport> reports, JsonWriter json) throws IOException {
        json.beginObject().name("rules").beginArray();
        for (BackTestReport report : reports) {
            json.beginObject().name("name").value(report.alert());
            json.name("query").value(report.expr());
            json.name("summary").value(report.summary());
            json.name("from").seconds(report.fromMs()).name("to").seconds(report.toMs());
            json.name("step").number(report.stepMs() / 1000.0);
            json.name("days").value(report.days()).name("complete").value(report.complete());
            json.name("fired").value(report.firings().size());
            json.name("duringOutages");
            if (report.duringOutages() < 0) {
                json.json("null");
            } else {
                json.value(report.duringOutages());
            }
            json.name("never").strings(report.never());
            json.name("selectors").beginArray();
            for (BackTestReport.SelectorDays each : report.selectors()) {
                json.beginObject().name("selector").value(each.selector());
                json.name("days").value(each.days());
                json.name("daysWithoutSeries").value(each.empty()).endObject();
            }
            json.endArray().name("firings").beginArray();
            for (Firing firing : shown(report.firings())) {
                json.beginObject().name("labels").labels(firing.labels());
                json.name("start").seconds(firing.startMs());
                json.name("end").seconds(firing.endMs()).endObject();
            }
            json.endArray().endObject();
        }
        json.endArray().endObject();
    }

    private static List<Firing> shown(List<Firing> firings) {
        return firings.subList(0, Math.min(FIRINGS_SHOWN, firings.size()));
    }

    /// Rules of this node that can never fire, match nothing, or have lost what they matched.
    Answer health(Call call) throws ApiException, QueryException, IOException {
        int days = call.parameters().has("days") ? days(call.parameters()) : 1;
        RuleHealth health =
                new RuleHealth(new Queries(call.budget()), clock.millis(), Duration.ofDays(days));
        List<Sick> sick = new ArrayList<>();
        for (Map.Entry<String, List<RuleGroup>> file : live.book().files().entrySet()) {
            for (RuleGroup group : file.getValue()) {
                for (Rule rule : group.rules()) {
                    RuleHealth.Finding finding = health.of(rule);
                    if (!finding.isFine()) {
                        sick.add(new Sick(file.getKey(), group.name(), rule, finding));
                    }
                }
            }
        }
        return Answer.of(json -> write(sick, health.isComplete(), json));
    }

    private record Sick(String file, String group, Rule rule, RuleHealth.Finding finding) {}

    private static void write(List<Sick> all, boolean complete, JsonWriter json)
            throws IOException {
        json.beginObject().name("complete").value(complete).name("rules").beginArray();
        for (Sick sick : all) {
            json.beginObject().name("file").value(sick.file()).name("group").value(sick.group());
            json.name("name").value(sick.rule().name());
            json.name("query").value(sick.rule().expr());
            json.name("never").strings(sick.finding().never());
            json.name("unmatched").strings(sick.finding().unmatched());
            json.name("lost").beginArray();
            for (Map.Entry<String, Long> lost : sick.finding().lost().entrySet()) {
                json.beginObject().name("selector").value(lost.getKey());
                json.name("lastSeen").seconds(lost.getValue()).endObject();
            }
            json.endArray().endObject();
        }
        json.endArray().endObject();
    }
}
