package dev.muster.query;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// `muster.upness-alerts`: alerts of the fleet itself, for which no rule is needed.
interface UpnessAlertsConfig {
    /// A host is dead or not heard.
    Kind hostDown();

    /// The agent of a host is gone while the host lives.
    Kind agentDown();

    /// A service does not answer while its host is well.
    Kind serviceDown();

    /// What should be there is not.
    Kind missing();

    /// Agents of a cell do not all hear each other.
    Kind partition();

    /// More than half of a rack is down; its hosts are told of in this alert alone.
    Kind rackDown();

    /// Nobody of a cell is heard, or it knows of its hosts in a roundabout way only.
    Kind cellDegraded();

    /// The label `severity` of alerts that a selector such as `{zone="lab"}` matches, by severity;
    /// they go before those of the kinds.
    Map<String, String> severities();

    /// How long something must be amiss until it is told, so that a rack is one alert.
    @WithDefault("500ms")
    Duration settle();

    /// What begins twice within it flaps.
    @WithDefault("10m")
    Duration flapWindow();

    /// How long what flaps must be well until that is told.
    @WithDefault("5m")
    Duration calm();

    /// One kind of alert.
    interface Kind {
        /// Whether there is such an alert.
        @WithDefault("true")
        boolean enabled();

        /// Its label `severity`.
        Optional<String> severity();
    }

    /// `muster.dead-mans-switch`: who is to notice when Muster itself is gone.
    interface DeadMansSwitch {
        /// Is called again and again while rules are evaluated; `{node}` in it is the name of this
        /// node. Never shown, as it may bear a token. Nobody is called where it is not set.
        Optional<String> url();

        /// From one call to the next.
        @WithDefault("15s")
        Duration interval();
    }
}
