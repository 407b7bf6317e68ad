package dev.muster.agent.scrape.append;

import java.util.List;

/// What became of the series of one target, as of its last good scrape: all of them, or those that
/// were asked for.
///
/// @param tickMs time of the last good scrape; 0 before the first
/// @param shares series by fate, for dropped ones by rule; fates that no series met are left out
/// @param folded metrics whose new series are folded into a count
/// @param faults samples refused one by one
public record SeriesAccount(
        long tickMs,
        List<SeriesShare> shares,
        List<FoldedMetric> folded,
        List<SampleFaults> faults) {
    /// Of a target that was not scraped yet.
    public static final SeriesAccount EMPTY = new SeriesAccount(0, List.of(), List.of(), List.of());

    public SeriesAccount {
        shares = List.copyOf(shares);
        folded = List.copyOf(folded);
        faults = List.copyOf(faults);
    }

    /// Series that met a fate, over all rules.
    public int series(SeriesFate fate) {
        return shares.stream().filter(s -> s.fate() == fate).mapToInt(SeriesShare::series).sum();
    }
}
