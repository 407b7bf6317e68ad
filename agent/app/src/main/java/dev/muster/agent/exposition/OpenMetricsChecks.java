package dev.muster.agent.exposition;

/// How much of OpenMetrics' specification a parser holds a body to.
public enum OpenMetricsChecks {
    /// All of it: families whole and named once, histograms that add up, times in order. A body
    /// that breaks one of these rules is refused as a whole, as the specification demands.
    ALL,
    /// The grammar of each line and the end of the body, which is what Prometheus holds a body to:
    /// for targets that expose what the rules forbid, such as histograms with negative sums.
    GRAMMAR
}
