package dev.muster.agent.why;

import java.util.Locale;

/// How a step or a verdict is to be taken.
public enum Mark {
    /// As it should be.
    GOOD,
    /// Neither good nor bad.
    NEUTRAL,
    /// Not decided yet.
    WAITING,
    /// Here it goes wrong.
    BAD;

    /// The name in answers.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
