package dev.muster.model.frame;

import dev.muster.model.series.SeriesExemplars;
import java.util.List;

/// The exemplars that an agent has.
///
/// @param series by ascending labels
/// @param cut whether there were more than an answer may hold
public record ExemplarAnswer(List<SeriesExemplars> series, boolean cut) {
    public ExemplarAnswer {
        series = List.copyOf(series);
    }
}
