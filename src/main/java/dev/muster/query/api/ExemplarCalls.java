package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.source.FleetExemplars;
import java.io.IOException;
import java.util.List;

/// Exemplars of the series that a query selects: `query_exemplars`.
final class ExemplarCalls {
    private final FleetExemplars source;

    ExemplarCalls(FleetExemplars source) {
        this.source = source;
    }

    Answer exemplars(Call call) throws ApiException, IOException {
        Parameters parameters = call.parameters();
        long startMs = parameters.timeMs("start", Times.MIN_MS);
        long endMs = parameters.timeMs("end", Times.MAX_MS);
        if (endMs < startMs) {
            throw ApiException.badData("end timestamp must not be before start timestamp");
        }
        List<List<LabelMatcher>> selectors = selectors(parameters.text("query"));
        if (selectors.isEmpty()) {
            return Answer.of(json -> json.beginArray().endArray());
        }
        FleetExemplars.Found found =
                source.exemplars(TimeRange.closed(startMs, endMs), selectors, call.budget());
        return Answer.of(json -> write(found.series(), json), found.warnings());
    }

    private static List<List<LabelMatcher>> selectors(String query) throws ApiException {
        try {
            return PromQl.selectors(PromQl.parse(query));
        } catch (QueryException e) {
            throw ApiException.invalid("query", e.getMessage());
        }
    }

    private static void write(List<SeriesExemplars> all, JsonWriter json) throws IOException {
        json.beginArray();
        for (SeriesExemplars series : all) {
            json.beginObject().name("seriesLabels").labels(series.series());
            json.name("exemplars").beginArray();
            for (Exemplar exemplar : series.exemplars()) {
                json.beginObject().name("labels").labels(exemplar.labels());
                json.name("value").value(GoNumbers.text(exemplar.value()));
                json.name("timestamp").seconds(exemplar.timestampMs()).endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }
}
