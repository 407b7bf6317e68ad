package dev.muster.agent.scrape.append;

import java.util.List;
import java.util.Optional;

/// What became of the series of one target, as of its last good scrape: all of them, or those that
/// were asked for.
///
/// @param tickMs time of the last good scrape; 0 before the first
/// @param shares series by fate, for dropped ones by rule; fates that no series met are left out
/// @param folded metrics whose new series are folded into a count
/// @param faults samples refused one by one
/// @param formatChange how the target changes its format; empty if it does not
public record SeriesAccount(
        long tickMs,
        List<SeriesShare> shares,
        List<FoldedMetric> folded,
        List<SampleFaults> faults,
        Optional<FormatChange> formatChange) {
    /// Of a target that was not scraped yet.
    public static final SeriesAccount EMPTY =
            new SeriesAccount(0, List.of(), List.of(), List.of(), Optional.empty());

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
