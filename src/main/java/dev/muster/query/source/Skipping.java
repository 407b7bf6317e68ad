package dev.muster.query.source;

import dev.muster.model.hint.NameQuestion;
import dev.muster.model.labels.LabelMatcher;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Finds agents that need not be asked, because they hold none of the metric names in question.
/// Thread-safe.
final class Skipping {
    /*
     * Only an agent that lives and of which a filter holds now is left out. Where that would leave nobody, all are asked:
     * a name that nobody is known to hold may have come this moment, or is misspelt, which is worth one look.
     */
    private final AgentHints hints;

    Skipping(AgentHints hints) {
        this.hints = hints;
    }

    /// Places in the list of those that need not be asked.
    ///
    /// @param selectors of each the conditions; an agent is needed for any of them
    BitSet of(List<AgentPlace> agents, List<List<LabelMatcher>> selectors) {
        List<NameQuestion> questions = selectors.stream().map(NameQuestion::of).toList();
        BitSet skipped = new BitSet();
        if (questions.stream().anyMatch(NameQuestion::isOpen)) {
            return skipped;
        }
        int living = 0;
        for (int i = 0; i < agents.size(); i++) {
            AgentPlace agent = agents.get(i);
            if (agent.absence().isEmpty()) {
                living++;
                Optional<byte[]> filter = hints.filter(agent);
                if (filter.isPresent() && !mayAnswer(filter.get(), questions)) {
                    skipped.set(i);
                }
            }
        }
        if (skipped.cardinality() == living) {
            skipped.clear();
        }
        return skipped;
    }

    private static boolean mayAnswer(byte[] filter, List<NameQuestion> questions) {
        for (NameQuestion question : questions) {
            if (question.mayMatch(filter)) {
                return true;
            }
        }
        return false;
    }
}
