package dev.muster.query.upness;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.util.List;

/// Series of upness that were found; their samples are made when they are read.
///
/// @param series by ascending labels
/// @param range that was asked for
/// @param nowMs up to when anything is known
/// @param warnings what is missing
/// @param budget charged for samples
record UpnessSeriesSet(
        List<UpnessSeries> series,
        TimeRange range,
        long nowMs,
        List<String> warnings,
        ReadBudget budget)
        implements SeriesSet {
    UpnessSeriesSet {
        series = List.copyOf(series);
        warnings = List.copyOf(warnings);
    }

    @Override
    public int size() {
        return series.size();
    }

    @Override
    public Labels labels(int index) {
        return series.get(index).labels();
    }

    @Override
    public MetricMetadata metadata(int index) {
        String help =
                switch (labels(index).metric()) {
                    case UpnessNames.HOST_UP -> "Whether a host of the fleet is up.";
                    case UpnessNames.UP -> "Whether a service of the fleet is up.";
                    case UpnessNames.HOST_STATE -> "1 for the state of a host that holds, and why.";
                    default -> "1 for the state of a service that holds, and why.";
                };
        return new MetricMetadata(MetricType.GAUGE, "", help);
    }

    @Override
    public SampleReader reader() {
        return (index, into) -> {
            int before = into.size();
            series.get(index).read(range, nowMs, into);
            budget.chargeSamples(into.size() - before);
        };
    }

    @Override
    public void close() {}
}
