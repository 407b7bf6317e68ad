package dev.muster.model.series;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import java.util.List;

/// The exemplars of one series.
///
/// @param series labels of the series
/// @param exemplars ascending in time
public record SeriesExemplars(Labels series, List<Exemplar> exemplars) {
    public SeriesExemplars {
        exemplars = List.copyOf(exemplars);
    }
}
