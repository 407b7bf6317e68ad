package dev.muster.agent.scrape.append;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The metrics of one target whose new series are folded into counts. Confined to the thread that
/// appends.
final class Folding {
    /// Metrics of one target that are told apart; the others share a count.
    private static final int METRICS_LIMIT = 16;

    /// A metric is told of so long after its last folded series.
    private static final long REMEMBERED_MS = 600_000;

    private static final MetricMetadata METADATA =
            new MetricMetadata(
                    MetricType.GAUGE, "", "New series beyond the memory budget, a count.");

    private final SampleAppender out;
    private final SeriesLabels labels;
    private final SeriesLedger ledger;
    private final OpenSeries open;
    private final Map<String, Fold> folds = new LinkedHashMap<>();
    private @Nullable Fold others;
    private @Nullable Fold last;
    private int count;

    Folding(SampleAppender out, SeriesLabels labels, SeriesLedger ledger, OpenSeries open) {
        this.out = out;
        this.labels = labels;
        this.ledger = ledger;
        this.open = open;
    }

    /// Series folded in this scrape.
    int count() {
        return count;
    }

    /// Counts a series without a look at its labels, where that is enough.
    ///
    /// @return false if it must be looked at
    boolean takesUnseen(byte[] bytes, int start, int end, long tickMs) {
        Fold fold = last;
        if (fold == null || !fold.takesUnseen(bytes, start, end)) {
            return false;
        }
        fold.count(tickMs);
        count++;
        return true;
    }

    /// Folds a series.
    void fold(Labels exposed, Labels stored, long tickMs) {
        Fold fold = folds.get(stored.metric());
        if (fold == null) {
            fold = begin(exposed.metric(), stored.metric(), tickMs);
        }
        fold.count(exposed, tickMs);
        last = fold;
        count++;
    }

    private Fold begin(String exposedName, String metric, long tickMs) {
        if (folds.size() < METRICS_LIMIT && ledger.budget().takeFold()) {
            Fold fold = new Fold(metric, exposedName, overflow(metric), tickMs);
            folds.put(metric, fold);
            return fold;
        }
        Fold fold = others;
        if (fold == null) {
            fold = new Fold(FoldedMetric.OTHERS, "", overflow(FoldedMetric.OTHERS), tickMs);
            others = fold;
        }
        return fold;
    }

    private Labels overflow(String metric) {
        return labels.ofReport(Labels.of(Labels.METRIC, metric, FoldedMetric.OVERFLOW, "true"));
    }

    /// Appends the counts of a good scrape, and markers where nothing folds any more.
    void appendCounts() {
        for (Fold fold : all()) {
            if (fold.count() > 0) {
                append(fold);
            } else if (fold.open()) {
                open.mark(fold.reference());
            }
        }
    }

    private void append(Fold fold) {
        if (fold.reference() < 0
                || out.append(fold.reference(), fold.count()) == AppendResult.UNKNOWN_SERIES) {
            fold.reference(out.series(fold.stored(), METADATA));
            if (fold.reference() >= 0) {
                out.append(fold.reference(), fold.count());
            }
        }
    }

    /// Ends every count with a marker.
    void markAll() {
        for (Fold fold : all()) {
            if (fold.open()) {
                open.mark(fold.reference());
            }
        }
    }

    /// A scrape was committed.
    ///
    /// @param good false if it failed: what it counted is void
    void settle(boolean good, long tickMs) {
        for (Fold fold : all()) {
            fold.open(good && fold.count() > 0 && fold.reference() >= 0);
            fold.settle(good);
        }
        if (good && count > 0) {
            ledger.budget().foldedSamples(count);
        }
        forget(tickMs);
        publish(good && count > 0);
        begin();
    }

    /// A scrape begins.
    void begin() {
        for (Fold fold : all()) {
            fold.settle(false);
        }
        count = 0;
        last = null;
    }

    private void forget(long tickMs) {
        for (Iterator<Fold> each = folds.values().iterator(); each.hasNext(); ) {
            Fold fold = each.next();
            if (!fold.open() && tickMs - fold.lastMs() > REMEMBERED_MS) {
                each.remove();
                ledger.budget().giveFold();
            }
        }
        Fold shared = others;
        if (shared != null && !shared.open() && tickMs - shared.lastMs() > REMEMBERED_MS) {
            others = null;
        }
    }

    private void publish(boolean report) {
        List<FoldedMetric> told = told();
        if (!told.isEmpty() || !ledger.folding().isEmpty()) {
            ledger.folding(told);
        }
        if (report) {
            told.stream()
                    .max((a, b) -> Integer.compare(a.series(), b.series()))
                    .ifPresent(ledger.budget()::report);
        }
    }

    /// What is told of each metric.
    List<FoldedMetric> told() {
        return all().stream().map(fold -> fold.told(labels.target())).toList();
    }

    /// What is told of metrics that may hold such series: their name fits, and so do their examples
    /// or nothing else is asked.
    List<FoldedMetric> told(List<LabelMatcher> matchers) {
        List<LabelMatcher> ofName =
                matchers.stream().filter(m -> m.name().equals(Labels.METRIC)).toList();
        return told().stream()
                .filter(f ->
                        f.metric().equals(FoldedMetric.OTHERS)
                                || LabelMatcher.all(ofName, Labels.of(Labels.METRIC, f.metric())))
                .toList();
    }

    /// Goes on with the counts that another appender of the target left open, which end with a
    /// marker unless they are continued.
    void inherit(Folding earlier) {
        for (Fold fold : earlier.all()) {
            if (fold.open()) {
                open.inherit(fold.reference());
            }
        }
        earlier.close();
    }

    /// Gives the memory of this back to the budget.
    void close() {
        folds.forEach((_, _) -> ledger.budget().giveFold());
        folds.clear();
        others = null;
        last = null;
    }

    private List<Fold> all() {
        if (folds.isEmpty() && others == null) {
            return List.of();
        }
        List<Fold> all = new ArrayList<>(folds.values());
        Optional.ofNullable(others).ifPresent(all::add);
        return all;
    }
}
