package dev.muster.blocks.read;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An answer as plain text, for comparison: series that have no samples in the range are left out,
/// because a source may name them or not.
final class Answers {
    private Answers() {}

    static Map<Labels, List<String>> of(SeriesSource source, SelectRequest request)
            throws IOException {
        try (SeriesSet set = source.select(request)) {
            return of(set);
        }
    }

    static Map<Labels, List<String>> of(SeriesSet set) throws IOException {
        Map<Labels, List<String>> answer = new LinkedHashMap<>();
        SampleReader reader = set.reader();
        SampleColumns samples = new SampleColumns();
        for (int i = 0; i < set.size(); i++) {
            samples.clear();
            reader.read(i, samples);
            if (samples.size() > 0) {
                answer.put(set.labels(i), text(samples));
            }
        }
        return answer;
    }

    private static List<String> text(SampleColumns samples) {
        List<String> text = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            double value = samples.values()[i];
            NativeHistogram histogram = samples.histogram(i);
            String start = samples.startMs(i) == 0 ? "" : " since " + samples.startMs(i);
            String sample =
                    Staleness.isStale(value)
                            ? "stale"
                            : histogram == null ? Double.toString(value) : histogram.toString();
            text.add(samples.timestampsMs()[i] + "=" + sample + start);
        }
        return text;
    }
}
