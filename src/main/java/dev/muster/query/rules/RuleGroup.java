package dev.muster.query.rules;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Rules that are evaluated one after another at the same times.
///
/// @param file that it stands in
/// @param name of its own in the file
/// @param interval of evaluation; empty for that of the configuration
/// @param queryOffset how far back its queries look, so that samples have come by then; empty for
///   that of the configuration
/// @param limit most series or alerts of one rule; 0 for any number
public record RuleGroup(
        String file,
        String name,
        Optional<Duration> interval,
        Optional<Duration> queryOffset,
        int limit,
        List<Rule> rules) {
    public RuleGroup {
        rules = List.copyOf(rules);
    }
}
