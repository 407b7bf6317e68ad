package dev.muster.agent.scrape.append;

/// What became of an exposed series. Stable: metrics and answers name it.
public enum SeriesFate {
    /// In the last good scrape, and stored.
    KEPT,
    /// In the last good scrape, and dropped by a rule of `metric_relabel_configs`.
    DROPPED,
    /// In the last good scrape, but the head's series limit leaves no room for it.
    OVER_SERIES_LIMIT,
    /// New, and beyond the memory budget: counted in its metric's `__overflow__` series.
    FOLDED,
    /// Exposed earlier, and not in the last good scrape.
    VANISHED
}
