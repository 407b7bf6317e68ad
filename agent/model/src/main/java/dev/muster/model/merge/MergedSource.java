package dev.muster.model.merge;

import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Several sources as one, asked at the same time. Where two of them hold the same sample, the
/// earlier source goes before the later. A source that fails is a warning; when all of them fail,
/// so does this one.
public final class MergedSource implements QuerySource {
    private final List<Part> parts;

    /// A source with a name for messages.
    ///
    /// @param name such as `blocks`
    public record Part(String name, SeriesSource source) {}

    /// @param parts in the order in which they go before one another
    public MergedSource(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        // also those whose answer is not waited for because another source has failed
        Queue<SeriesSet> opened = new ConcurrentLinkedQueue<>();
        List<SeriesSet> sets = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        Completeness more = Completeness.NONE;
        try {
            for (Outcome<SeriesSet> outcome :
                    ask(source -> opened(source, request, opened), request)) {
                if (outcome.value != null) {
                    sets.add(outcome.value);
                } else {
                    failures.add(outcome.failure);
                    more = more.plus(Completeness.missing(request.range()));
                }
            }
            return MergedSeriesSet.of(sets, failures, more, request.budget());
        } catch (IOException | RuntimeException | Error e) {
            opened.forEach(SeriesSet::close);
            throw e;
        }
    }

    private static SeriesSet opened(
            SeriesSource source, SelectRequest request, Queue<SeriesSet> opened)
            throws IOException {
        SeriesSet set = source.select(request);
        opened.add(set);
        return set;
    }

    @Override
    public ReadEstimate estimate(SelectRequest request) throws IOException {
        ReadEstimate sum = ReadEstimate.NONE;
        for (Outcome<ReadEstimate> outcome : ask(source -> source.estimate(request), request)) {
            if (outcome.value != null) {
                sum = sum.plus(outcome.value);
            }
        }
        return sum;
    }

    @Override
    public Texts names(SelectRequest request) throws IOException {
        return texts(source -> namesOf(source, request), request);
    }

    @Override
    public Texts values(String name, SelectRequest request) throws IOException {
        return texts(source -> valuesOf(source, name, request), request);
    }

    @Override
    public SortedSet<String> labelNames(SelectRequest request) throws IOException {
        return names(request).texts();
    }

    @Override
    public SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        return values(name, request).texts();
    }

    private Texts texts(Question<Texts> question, SelectRequest request) throws IOException {
        SortedSet<String> all = new TreeSet<>();
        LinkedHashSet<String> warnings = new LinkedHashSet<>();
        Completeness completeness = Completeness.NONE;
        for (Outcome<Texts> outcome : ask(question, request)) {
            if (outcome.value != null) {
                all.addAll(outcome.value.texts());
                warnings.addAll(outcome.value.warnings());
                completeness = completeness.plus(outcome.value.completeness());
            } else {
                warnings.add(outcome.failure);
                completeness = completeness.plus(Completeness.missing(request.range()));
            }
        }
        return new Texts(all, List.copyOf(warnings), completeness);
    }

    private static Texts namesOf(SeriesSource source, SelectRequest request) throws IOException {
        return source instanceof QuerySource query
                ? query.names(request)
                : new Texts(source.labelNames(request), List.of(), Completeness.NONE);
    }

    private static Texts valuesOf(SeriesSource source, String name, SelectRequest request)
            throws IOException {
        return source instanceof QuerySource query
                ? query.values(name, request)
                : new Texts(source.labelValues(name, request), List.of(), Completeness.NONE);
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask(SeriesSource source) throws IOException;
    }

    private record Outcome<T>(@Nullable T value, String failure) {}

    private <T> List<Outcome<T>> ask(Question<T> question, SelectRequest request)
            throws IOException {
        List<Together.Task<Outcome<T>>> tasks = new ArrayList<>();
        for (Part part : parts) {
            tasks.add(() -> outcome(part, question));
        }
        List<Outcome<T>> outcomes = Together.run(tasks, request.budget());
        if (!outcomes.isEmpty() && outcomes.stream().allMatch(outcome -> outcome.value == null)) {
            throw new IOException(
                    String.join("; ", outcomes.stream().map(Outcome::failure).toList()));
        }
        return outcomes;
    }

    private static <T> Outcome<T> outcome(Part part, Question<T> question) {
        try {
            return new Outcome<>(question.ask(part.source), "");
        } catch (IOException e) {
            return new Outcome<>(
                    null, part.name + " cannot be read, the answer lacks them: " + e.getMessage());
        }
    }
}
