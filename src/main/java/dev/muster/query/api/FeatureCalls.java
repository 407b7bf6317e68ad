package dev.muster.query.api;

import dev.muster.promql.Aggregator;
import dev.muster.promql.BinaryOperator;
import dev.muster.promql.Function;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this node can do, by area: `features`. Clients ask it to show what there is.
final class FeatureCalls {
    private final boolean admin;
    private final boolean lifecycle;

    /// @param admin whether series may be deleted
    /// @param lifecycle whether the node may be ended by a call
    FeatureCalls(boolean admin, boolean lifecycle) {
        this.admin = admin;
        this.lifecycle = lifecycle;
    }

    Answer features(Call call) {
        SortedMap<String, SortedMap<String, Boolean>> areas = areas();
        return Answer.of(json -> {
            json.beginObject();
            for (Map.Entry<String, SortedMap<String, Boolean>> area : areas.entrySet()) {
                json.name(area.getKey()).beginObject();
                for (Map.Entry<String, Boolean> feature : area.getValue().entrySet()) {
                    json.name(feature.getKey()).value(feature.getValue());
                }
                json.endObject();
            }
            json.endObject();
        });
    }

    private SortedMap<String, SortedMap<String, Boolean>> areas() {
        SortedMap<String, SortedMap<String, Boolean>> areas = new TreeMap<>();
        areas.put(
                "api",
                new TreeMap<>(
                        Map.ofEntries(
                                Map.entry("admin", admin),
                                Map.entry("exemplars", true),
                                Map.entry("federate", true),
                                Map.entry("label_values_match", true),
                                Map.entry("lifecycle", lifecycle),
                                Map.entry("otlp_write_receiver", true),
                                Map.entry("query_stats", true),
                                Map.entry("remote_read", true),
                                Map.entry("remote_read_streamed", true),
                                Map.entry("remote_write_receiver", true),
                                Map.entry("search", true),
                                Map.entry("time_range_labels", true),
                                Map.entry("time_range_series", true))));
        areas.put(
                "promql",
                new TreeMap<>(
                        Map.of(
                                "at_modifier", true,
                                "bool", true,
                                "by", true,
                                "duration_expr", true,
                                "group_left", true,
                                "group_right", true,
                                "ignoring", true,
                                "negative_offset", true,
                                "on", true,
                                "without", true)));
        SortedMap<String, Boolean> functions = new TreeMap<>();
        for (Function function : Function.values()) {
            functions.put(function.text(), true);
        }
        areas.put("promql_functions", functions);
        SortedMap<String, Boolean> operators = new TreeMap<>();
        for (BinaryOperator operator : BinaryOperator.values()) {
            operators.put(operator.text(), true);
        }
        for (Aggregator aggregator : Aggregator.values()) {
            operators.put(aggregator.text(), true);
        }
        areas.put("promql_operators", operators);
        areas.put("tsdb", new TreeMap<>(Map.of("exemplars", true, "native_histograms", true)));
        return areas;
    }
}
