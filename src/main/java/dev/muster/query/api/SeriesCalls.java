package dev.muster.query.api;

import dev.muster.model.labels.Labels;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// What series there are: `series`, `labels`, `label/{name}/values`.
final class SeriesCalls {
    private static final String TRUNCATED = "results truncated due to limit";

    private final QuerySource source;

    SeriesCalls(QuerySource source) {
        this.source = source;
    }

    Answer series(Call call) throws ApiException, IOException {
        if (call.parameters().texts("match[]").isEmpty()) {
            throw ApiException.badData("no match[] parameter provided");
        }
        int limit = call.parameters().limit();
        List<SelectRequest> requests = Selections.of(call);
        Set<String> warnings = new LinkedHashSet<>();
        Completeness completeness = Completeness.NONE;
        SortedSet<Labels> found = new TreeSet<>();
        for (SelectRequest request : requests) {
            try (SeriesSet set = source.select(request)) {
                warnings.addAll(set.warnings());
                completeness = completeness.plus(set.completeness());
                for (int i = 0; i < set.size(); i++) {
                    found.add(set.labels(i));
                }
            }
        }
        long count = limited(limit, found.size(), warnings);
        return Answer.of(
                        json -> {
                            json.beginArray();
                            long left = count;
                            for (Labels labels : found) {
                                if (left-- == 0) {
                                    break;
                                }
                                json.labels(labels);
                            }
                            json.endArray();
                        },
                        List.copyOf(warnings))
                .withCompleteness(completeness);
    }

    Answer names(Call call) throws ApiException, IOException {
        int limit = call.parameters().limit();
        return texts(source::names, call, limit);
    }

    Answer values(Call call) throws ApiException, IOException {
        String name = EscapedNames.unescape(call.path());
        if (name.isEmpty()) {
            throw ApiException.badData("invalid label name: " + Times.quoted(name));
        }
        int limit = call.parameters().limit();
        return texts(request -> source.values(name, request), call, limit);
    }

    @FunctionalInterface
    private interface Question {
        QuerySource.Texts ask(SelectRequest request) throws IOException;
    }

    private static Answer texts(Question question, Call call, int limit)
            throws ApiException, IOException {
        SortedSet<String> found = new TreeSet<>();
        Set<String> warnings = new LinkedHashSet<>();
        Completeness completeness = Completeness.NONE;
        for (SelectRequest request : Selections.of(call)) {
            QuerySource.Texts texts = question.ask(request);
            found.addAll(texts.texts());
            warnings.addAll(texts.warnings());
            completeness = completeness.plus(texts.completeness());
        }
        long count = limited(limit, found.size(), warnings);
        return Answer.of(
                        json -> json.strings(found.stream().limit(count).toList()),
                        List.copyOf(warnings))
                .withCompleteness(completeness);
    }

    /// How many of the answers are told.
    private static long limited(int limit, int size, Set<String> warnings) {
        if (limit > 0 && size > limit) {
            warnings.add(TRUNCATED);
            return limit;
        }
        return size;
    }
}
