package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
                    "Series that the scrape before did not have.",
                    "Longest time that a scrape may take.",
                    "Most samples of a scrape after metric relabelling; 0 for no limit.",
                    "Size of the body, inflated; -1 if it was over its limit.");

    private final SampleAppender out;
    private final Labels[] labels;
    private final int[] references;
    private final double[] values;
    private final boolean extra;
    private final double timeoutSeconds;
    private final int sampleLimit;

    ReportSeries(SampleAppender out, SeriesLabels seriesLabels, AppendRules rules) {
        this.out = out;
        extra = rules.formats().extraMetrics() && rules.series().reports();
        timeoutSeconds = rules.timeoutMs() / 1e3;
        sampleLimit = rules.limits().samples();
        List<String> names = new ArrayList<>();
        if (rules.series().reports()) {
            names.addAll(SeriesLabels.REPORTS);
        }
        if (extra) {
            names.addAll(SeriesLabels.EXTRA_REPORTS);
        }
        labels = names.stream().map(seriesLabels::ofReport).toArray(Labels[]::new);
        references = new int[labels.length];
        values = new double[labels.length];
        Arrays.fill(references, UNKNOWN);
    }

    /// @param fault why `up` is 0; null where it is 1
    void append(
            @Nullable ScrapeFault fault,
            long durationNanos,
            int bodyBytes,
            int scraped,
            int kept,
            int added) {
        if (values.length == 0) {
            return;
        }
        values[0] = fault == null ? 1 : 0;
        values[1] = durationNanos / 1e9;
        values[2] = scraped;
        values[3] = kept;
        values[4] = added;
        if (extra) {
            values[5] = timeoutSeconds;
            values[6] = sampleLimit;
            values[7] = fault != null && fault.kind() == FaultKind.BODY_LIMIT ? -1 : bodyBytes;
        }
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
