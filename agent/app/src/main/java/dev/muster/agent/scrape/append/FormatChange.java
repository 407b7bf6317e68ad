package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionFormat;

/// A target that answers in one format and then in another. Its series go on, but each must be
/// looked up anew, and what a format cannot say is missing while it lasts.
///
/// @param from format of the scrape before the last change
/// @param to format since the last change
/// @param lastMs tick of the last change
/// @param changes how often since the target's first scrape
public record FormatChange(ExpositionFormat from, ExpositionFormat to, long lastMs, long changes) {}
