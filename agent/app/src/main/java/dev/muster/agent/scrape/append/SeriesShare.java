package dev.muster.agent.scrape.append;

import java.util.List;

/// The series of one target that met one fate.
///
/// @param fate what became of them
/// @param rule index of the metric relabel rule that dropped them; -1 for every other fate
/// @param series how many
/// @param examples some of them, at most as many as were asked for
public record SeriesShare(SeriesFate fate, int rule, int series, List<SeriesExample> examples) {
    public SeriesShare {
        examples = List.copyOf(examples);
        if ((fate == SeriesFate.DROPPED) != (rule >= 0)) {
            throw new IllegalArgumentException(
                    "a rule is given for dropped series alone: fate=" + fate + ", rule=" + rule);
        }
        if (series < examples.size()) {
            throw new IllegalArgumentException(
                    "examples must be among the series: series="
                            + series
                            + ", examples="
                            + examples.size());
        }
    }
}
