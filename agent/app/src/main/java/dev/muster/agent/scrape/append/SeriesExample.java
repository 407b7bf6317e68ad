package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import java.util.Optional;

/// One series and what became of it.
///
/// @param exposed its labels as the target wrote them
/// @param stored its labels in the store; empty where it is not stored
public record SeriesExample(Labels exposed, Optional<Labels> stored) {}
