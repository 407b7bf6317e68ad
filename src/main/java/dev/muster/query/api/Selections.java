package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// The series that a call names by `match[]`, `start` and `end`.
final class Selections {
    /// Metadata is looked for in this time before now.
    private static final long LATELY_MS = 10 * 60_000;

    private Selections() {}

    /// A request for each selector, or one for all series where there is no selector.
    static List<SelectRequest> of(Call call) throws ApiException {
        Parameters parameters = call.parameters();
        long startMs = parameters.timeMs("start", Times.MIN_MS);
        long endMs = parameters.timeMs("end", Times.MAX_MS);
        List<List<LabelMatcher>> selectors = selectors(parameters.texts("match[]"));
        if (endMs < startMs) {
            return List.of();
        }
        TimeRange range = TimeRange.closed(startMs, endMs);
        if (selectors.isEmpty()) {
            selectors = List.of(List.of());
        }
        return selectors.stream()
                .map(matchers -> new SelectRequest(range, matchers, false, call.budget()))
                .toList();
    }

    private static List<List<LabelMatcher>> selectors(List<String> texts) throws ApiException {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : texts) {
            List<LabelMatcher> matchers;
            try {
                matchers = PromQl.parseSelector(text);
            } catch (QueryException e) {
                throw ApiException.invalid("match[]", e.getMessage());
            }
            if (matchers.stream().allMatch(LabelMatcher::matchesEmpty)) {
                throw ApiException.invalid(
                        "match[]", "match[] must contain at least one non-empty matcher");
            }
            selectors.add(matchers);
        }
        return selectors;
    }

    /// A request for the labels of series of these metrics, now and in the time of the call.
    static List<SelectRequest> lately(Call call, long nowMs, Collection<String> metrics)
            throws ApiException {
        if (metrics.isEmpty()) {
            return List.of();
        }
        String pattern = metrics.stream().map(Selections::quoted).collect(Collectors.joining("|"));
        long endMs = Math.min(call.parameters().timeMs("end", nowMs), nowMs);
        return List.of(
                new SelectRequest(
                        TimeRange.closed(endMs - LATELY_MS, endMs),
                        List.of(LabelMatcher.regex(Labels.METRIC, pattern)),
                        false,
                        call.budget()));
    }

    /// A pattern for this text alone.
    static String quoted(String text) {
        return text.replaceAll("([\\\\.+*?()|\\[\\]{}^$])", "\\\\$1");
    }
}
