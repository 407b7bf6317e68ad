package dev.muster.query;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `muster.rules`: which rules are evaluated, and how.
interface RulesConfig {
    /// Patterns of rule files, such as `/etc/muster/rules/*.yml`.
    Optional<List<String>> files();

    /// Where rule files are kept that come over the API; none may come where it is not set.
    Optional<String> dir();

    /// Interval of groups that have none.
    @WithDefault("1m")
    Duration evaluationInterval();

    /// How far back groups look that say nothing of it.
    @WithDefault("0s")
    Duration queryOffset();

    /// Most rules that are evaluated at one time.
    @WithDefault("8")
    int maxConcurrent();

    /// Longest wait until the data of all hosts has come, at most the interval of the group.
    @WithDefault("2s")
    Duration maxWait();

    /// After which an alert that fires on is told of again.
    @WithDefault("1m")
    Duration resendDelay();

    /// What was said of an alert longer ago does not count after a restart.
    @WithDefault("1h")
    Duration outageTolerance();

    /// An alert that was pending waits at least so long after a restart; those that hold for less
    /// start anew.
    @WithDefault("10m")
    Duration forGracePeriod();

    /// Where people reach this node, for links and templates; the node's own address by default.
    Optional<String> externalUrl();

    /// Labels of this fleet, for templates and alerts that are told of.
    Map<String, String> externalLabels();

    /// `muster.alerts`: who is told of alerts.
    interface Alerts {
        /// URLs of Alertmanagers; each is told of everything.
        Optional<List<String>> alertmanagers();

        /// Most alerts that wait for each of them.
        @WithDefault("10000")
        int queueCapacity();

        /// Longest time for the answer of one.
        @WithDefault("10s")
        Duration timeout();
    }

    /// `muster.forward`: how samples go to agents.
    interface Forward {
        /// How many agents hold what rules record, 1 to 5.
        @WithDefault("2")
        int copies();

        /// Most bytes that wait until agents have acknowledged them.
        @WithDefault("64M")
        MemorySize queueSize();

        /// Longest time for the answer of an agent.
        @WithDefault("10s")
        Duration timeout();

        /// Longest wait of a rule for what rules before it in its group have recorded.
        @WithDefault("1s")
        Duration settle();

        /// File with the token that agents want to see of who writes to them. Never shown.
        Optional<String> tokenFile();
    }
}
