package dev.muster.query.rules.live;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.query.rules.StateReader;
import dev.muster.query.rules.StateSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads what was said of alerts before from the series of the fleet.
///
/// @param source all series
public record SourceStates(SeriesSource source) implements StateReader {
    @Override
    public List<StateSeries> read(List<LabelMatcher> matchers, long fromMs, long toMs)
            throws IOException {
        List<StateSeries> states = new ArrayList<>();
        SelectRequest request = SelectRequest.of(TimeRange.closed(fromMs, toMs), matchers);
        try (SeriesSet set = source.select(request)) {
            SampleReader reader = set.reader();
            SampleColumns columns = new SampleColumns();
            for (int i = 0; i < set.size(); i++) {
                columns.clear();
                reader.read(i, columns);
                int last = columns.size() - 1;
                if (last >= 0 && columns.histogram(last) == null) {
                    states.add(
                            new StateSeries(
                                    set.labels(i).without(List.of(Labels.METRIC)),
                                    columns.timestampsMs()[last],
                                    columns.values()[last]));
                }
            }
        }
        return states;
    }
}
