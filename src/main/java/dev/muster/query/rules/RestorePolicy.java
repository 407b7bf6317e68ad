package dev.muster.query.rules;

import java.time.Duration;

/// How alerts go on that were active before this process looked at them.
///
/// @param outageTolerance what was said of them longer ago does not count
/// @param grace an alert that was pending waits at least so long before it fires; rules that hold
///   for less start anew
/// @param seamless what was said no longer ago comes from another node that has evaluated the rule
///   until now: the alert goes on as if it had been here; zero for none
public record RestorePolicy(Duration outageTolerance, Duration grace, Duration seamless) {
    public RestorePolicy {
        if (outageTolerance.isNegative() || grace.isNegative() || seamless.isNegative()) {
            throw new IllegalArgumentException(
                    "restoring must not have negative times: outage-tolerance="
                            + outageTolerance
                            + ", grace-period="
                            + grace
                            + ", seamless="
                            + seamless);
        }
    }
}
