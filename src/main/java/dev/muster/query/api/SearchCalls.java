package dev.muster.query.api;

import dev.muster.model.labels.Labels;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Finds names of metrics and labels and values by parts of them: `search/*`. The answer is lines
/// of JSON: batches of results, then one that says whether there are more.
final class SearchCalls {
    private static final String LINES = "application/x-ndjson";

    private final QuerySource source;
    private final InstantSource clock;

    SearchCalls(QuerySource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    private record Hit(String name, double score) {}

    private record Page(List<Hit> hits, boolean more, Collection<String> warnings) {}

    @FunctionalInterface
    private interface Question {
        QuerySource.Texts ask(SelectRequest request) throws IOException;
    }

    Answer metricNames(Call call) throws ApiException, IOException {
        Search search = Search.of(call.parameters());
        Page page = page(request -> source.values(Labels.METRIC, request), search, call);
        Map<String, MetricMetadata> metadata = search.metadata() ? metadata(page, call) : Map.of();
        return answer(page, search, metadata);
    }

    Answer labelNames(Call call) throws ApiException, IOException {
        Search search = Search.of(call.parameters());
        return answer(page(source::names, search, call), search, Map.of());
    }

    Answer labelValues(Call call) throws ApiException, IOException {
        Search search = Search.of(call.parameters());
        String label = EscapedNames.unescape(call.parameters().text("label"));
        if (label.isEmpty()) {
            throw ApiException.badData("no label parameter provided");
        }
        Page page = page(request -> source.values(label, request), search, call);
        return answer(page, search, Map.of());
    }

    private Page page(Question question, Search search, Call call)
            throws ApiException, IOException {
        SortedSet<String> names = new TreeSet<>();
        Set<String> warnings = new LinkedHashSet<>();
        for (SelectRequest request : Selections.of(call)) {
            QuerySource.Texts texts = question.ask(request);
            names.addAll(texts.texts());
            warnings.addAll(texts.warnings());
        }
        List<Hit> hits = new ArrayList<>();
        for (String name : names) {
            double score = search.matcher().score(name);
            if (score >= 0) {
                hits.add(new Hit(name, score));
            }
        }
        if (search.byScore()) {
            hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        } else if (search.descending()) {
            hits = hits.reversed();
        }
        boolean more = hits.size() > search.limit();
        return new Page(List.copyOf(more ? hits.subList(0, search.limit()) : hits), more, warnings);
    }

    /// What is known of the metrics that were found, from one look at their series.
    private Map<String, MetricMetadata> metadata(Page page, Call call)
            throws ApiException, IOException {
        Set<String> wanted = new LinkedHashSet<>();
        page.hits().forEach(hit -> wanted.add(hit.name()));
        Map<String, MetricMetadata> found = new HashMap<>();
        for (SelectRequest request : Selections.lately(call, clock.millis(), wanted)) {
            try (SeriesSet set = source.select(request)) {
                for (int i = 0; i < set.size(); i++) {
                    MetricMetadata metadata = set.metadata(i);
                    if (!metadata.equals(MetricMetadata.NONE)) {
                        found.putIfAbsent(set.labels(i).metric(), metadata);
                    }
                }
            }
        }
        return found;
    }

    private static Answer answer(Page page, Search search, Map<String, MetricMetadata> metadata) {
        return Answer.plain(
                LINES,
                out -> {
                    JsonWriter json = new JsonWriter(out);
                    int at = 0;
                    while (at < page.hits().size()) {
                        int to = Math.min(page.hits().size(), at + search.batch());
                        json.beginObject().name("results").beginArray();
                        for (Hit hit : page.hits().subList(at, to)) {
                            write(hit, search, metadata.get(hit.name()), json);
                        }
                        json.endArray().endObject().endLine();
                        at = to;
                    }
                    json.beginObject().name("status").value("success");
                    json.name("has_more").value(page.more());
                    if (!page.warnings().isEmpty()) {
                        json.name("warnings").strings(page.warnings());
                    }
                    json.endObject().endLine();
                    json.finish();
                });
    }

    private static void write(
            Hit hit,
            Search search,
            @org.jspecify.annotations.Nullable MetricMetadata metadata,
            JsonWriter json)
            throws IOException {
        json.beginObject().name("name").value(hit.name());
        if (search.score()) {
            json.name("score").number(hit.score());
        }
        if (metadata != null) {
            json.name("type").value(metadata.type().text());
            json.name("help").value(metadata.help());
            if (!metadata.unit().isEmpty()) {
                json.name("unit").value(metadata.unit());
            }
        }
        json.endObject();
    }
}
