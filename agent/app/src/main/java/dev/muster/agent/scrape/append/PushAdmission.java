package dev.muster.agent.scrape.append;

import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.Map;

/// Decides what becomes of the series of samples that are pushed, by the rules for scraped ones:
/// the same labels are added, the same limits hold, and new series beyond the memory budget fold
/// into counts. All that is pushed is one target to the budget. Confined to the thread that
/// appends.
public final class PushAdmission implements AutoCloseable {
    /// Answers of [#series] beside the reference.
    public static final int FOLDED = -2;

    public static final int OVER_LIMIT = -3;

    private final SampleAppender counts;
    private final SeriesLabels labels;
    private final SeriesLabels ownLabels;
    private final HistogramRules histograms;
    private final SeriesLedger ledger;
    private final Folding folding;
    private boolean counting;

    /// @param counts the appender for the counts of folded series, closed with this
    /// @param external labels that every series gets that has none of that name
    /// @param limits of a series
    public PushAdmission(
            SampleAppender counts,
            Map<String, String> external,
            ScrapeLimits limits,
            AppendContext context) {
        this.counts = counts;
        labels = new SeriesLabels(Labels.EMPTY, external, limits, SeriesRules.DEFAULT);
        ownLabels = new SeriesLabels(Labels.EMPTY, Map.of(), limits, SeriesRules.DEFAULT);
        histograms = new HistogramRules(limits);
        ledger = new SeriesLedger(context.budget());
        OpenSeries open =
                new OpenSeries(counts, new SeriesCache(context.seed()), context.metrics());
        folding = new Folding(counts, labels, ledger, open);
    }

    /// Some pushed samples are about to be appended.
    public void begin() {
        ledger.budget().refresh();
    }

    /// The reference of a series.
    ///
    /// @param out the appender of its origin
    /// @param pushed labels as they came
    /// @param own are these all the labels that it shall have?
    /// @param metadata [MetricMetadata#NONE] keeps what is known
    /// @return [#FOLDED] or [#OVER_LIMIT] if it is not stored
    /// @throws PushedSeriesException if its labels break a rule
    public int series(
            SampleAppender out, Labels pushed, boolean own, MetricMetadata metadata, long nowMs)
            throws PushedSeriesException {
        Labels stored = stored(pushed, own);
        int found = out.find(stored);
        if (found >= 0) {
            return metadata.equals(MetricMetadata.NONE) ? found : out.series(stored, metadata);
        }
        int metric = ledger.metric(stored.metric());
        if (!ledger.budget().admits(ledger, metric)) {
            ledger.release(metric);
            folding.fold(pushed, stored, nowMs);
            return FOLDED;
        }
        int reference = out.series(stored, metadata);
        if (reference < 0) {
            ledger.release(metric);
            return OVER_LIMIT;
        }
        // nothing remembers it but the store, from the start
        ledger.admitted(metric, 0);
        ledger.vanished(metric);
        return reference;
    }

    private Labels stored(Labels pushed, boolean own) throws PushedSeriesException {
        try {
            Labels stored = (own ? ownLabels : labels).of(pushed);
            if (stored == null) {
                throw new PushedSeriesException("series must have labels");
            }
            return stored;
        } catch (ScrapeRefusedException e) {
            throw new PushedSeriesException(String.valueOf(e.getMessage()));
        }
    }

    /// The histogram as it is stored.
    ///
    /// @throws PushedSeriesException if it passes a limit and cannot be made to fit
    public NativeHistogram histogram(NativeHistogram histogram) throws PushedSeriesException {
        try {
            return histograms.apply(histogram);
        } catch (ScrapeRefusedException e) {
            throw new PushedSeriesException(String.valueOf(e.getMessage()));
        }
    }

    /// Writes the counts of what has folded since the last round. To be called every second.
    public void round(long nowMs) throws IOException {
        boolean folded = folding.count() > 0;
        if (!folded && !counting) {
            return;
        }
        counts.begin(nowMs);
        folding.appendCounts();
        counts.commit();
        folding.settle(true, nowMs);
        counting = folded;
    }

    @Override
    public void close() {
        folding.close();
        ledger.close();
        counts.close();
    }
}
