package dev.muster.agent.why;

import java.util.List;

/// The answer to a question: a verdict in one word, in a sentence, what to do next, and all that
/// was looked at on the way. Immutable.
///
/// @param verdict in one word
/// @param subject what it is about, as people call it
/// @param sentence the verdict in plain words
/// @param next the next step to take; empty if there is none
/// @param steps from discovery to block, as far as they were taken
/// @param others targets that the question may have meant, too
public record Explanation(
        Verdict verdict,
        String subject,
        String sentence,
        String next,
        List<Step> steps,
        List<TargetLine> others) {
    public Explanation {
        steps = List.copyOf(steps);
        others = List.copyOf(others);
    }
}
