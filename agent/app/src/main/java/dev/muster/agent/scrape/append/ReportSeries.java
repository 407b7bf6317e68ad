package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.util.Arrays;
import java.util.List;

/// The series that tell of the scrapes of one target, as in Prometheus. Confined to the thread that
/// appends.
final class ReportSeries {
    private static final int UNKNOWN = -2;
    private static final List<String> HELP =
            List.of(
                    "Whether the last scrape succeeded.",
                    "How long the scrape took.",
                    "Samples that the target exposed.",
                    "Samples left after metric relabelling.",
                    "Series that the scrape before did not have.");

    private final SampleAppender out;
    private final Labels[] labels = new Labels[SeriesLabels.REPORTS.size()];
    private final int[] references = new int[labels.length];
    private final double[] values = new double[labels.length];

    ReportSeries(SampleAppender out, SeriesLabels seriesLabels) {
        this.out = out;
        for (int i = 0; i < labels.length; i++) {
            labels[i] = seriesLabels.ofReport(SeriesLabels.REPORTS.get(i));
        }
        Arrays.fill(references, UNKNOWN);
    }

    void append(boolean up, long durationNanos, int scraped, int kept, int added) {
        values[0] = up ? 1 : 0;
        values[1] = durationNanos / 1e9;
        values[2] = scraped;
        values[3] = kept;
        values[4] = added;
        appendAll();
    }

    void appendStale() {
        Arrays.fill(values, Staleness.STALE);
        appendAll();
    }

    private void appendAll() {
        for (int i = 0; i < labels.length; i++) {
            if (references[i] < 0 || append(i) == AppendResult.UNKNOWN_SERIES) {
                references[i] =
                        out.series(
                                labels[i], new MetricMetadata(MetricType.GAUGE, "", HELP.get(i)));
                if (references[i] >= 0) {
                    append(i);
                }
            }
        }
    }

    private AppendResult append(int index) {
        return out.append(references[index], values[index]);
    }
}
