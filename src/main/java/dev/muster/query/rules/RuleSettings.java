package dev.muster.query.rules;

import java.net.URI;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What all groups share.
///
/// @param externalLabels of this server, for templates
/// @param externalUrl of this server, for templates
public record RuleSettings(SortedMap<String, String> externalLabels, URI externalUrl) {
    public RuleSettings {
        externalLabels = Collections.unmodifiableSortedMap(new TreeMap<>(externalLabels));
    }
}
