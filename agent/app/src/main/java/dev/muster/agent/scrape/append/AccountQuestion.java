package dev.muster.agent.scrape.append;

import dev.muster.model.labels.LabelMatcher;
import java.util.List;

/// Which series of a target an account is wanted of.
///
/// @param matchers all of them must hold for the labels as exposed, or for those stored; empty asks
///   for every series
/// @param examples most examples for each fate and rule
public record AccountQuestion(List<LabelMatcher> matchers, int examples) {
    public static final int MOST_EXAMPLES = 100;

    /// Every series, with a few examples of each fate.
    public static final AccountQuestion ALL = new AccountQuestion(List.of(), 3);

    public AccountQuestion {
        matchers = List.copyOf(matchers);
        if (examples < 0 || examples > MOST_EXAMPLES) {
            throw new IllegalArgumentException(
                    "examples must be 0 to " + MOST_EXAMPLES + ": examples=" + examples);
        }
    }
}
