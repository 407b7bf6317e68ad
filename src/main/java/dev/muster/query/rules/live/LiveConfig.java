package dev.muster.query.rules.live;

import dev.muster.query.rules.RestorePolicy;
import dev.muster.query.rules.RuleSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How rules are evaluated.
///
/// @param files patterns of rule files
/// @param directory of rule files that come over the API; empty for none
/// @param interval of groups that have none
/// @param queryOffset of groups that have none
/// @param maxConcurrent how many rules are evaluated at one time
/// @param maxWait longest wait for the data of the fleet
/// @param resend after which an alert that fires on is told of again
/// @param restore how alerts go on after a restart
/// @param settings for templates
public record LiveConfig(
        List<String> files,
        Optional<Path> directory,
        Duration interval,
        Duration queryOffset,
        int maxConcurrent,
        Duration maxWait,
        Duration resend,
        RestorePolicy restore,
        RuleSettings settings) {
    public LiveConfig {
        files = List.copyOf(files);
        if (interval.toMillis() <= 0 || !resend.isPositive()) {
            throw new IllegalArgumentException(
                    "rules must have an evaluation-interval and a resend-delay: found="
                            + interval
                            + ", "
                            + resend);
        }
        if (queryOffset.isNegative() || maxWait.isNegative()) {
            throw new IllegalArgumentException(
                    "query-offset and max-wait must not be negative: found="
                            + queryOffset
                            + ", "
                            + maxWait);
        }
        if (maxConcurrent < 1 || maxConcurrent > 1_000) {
            throw new IllegalArgumentException(
                    "max-concurrent must be 1 to 1000: found=" + maxConcurrent);
        }
    }
}
