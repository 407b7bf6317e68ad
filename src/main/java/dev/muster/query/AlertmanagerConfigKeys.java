package dev.muster.query;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// `muster.alertmanager`: the alert manager of this node.
interface AlertmanagerConfigKeys {
    /// Alertmanager's configuration file. Without one nobody is told of alerts; they are shown.
    Optional<Path> configFile();

    /// Where alerts, silences and who was told what are kept; in memory alone if left out.
    Optional<Path> dir();

    /// Most alerts that are kept.
    @WithDefault("200000")
    int maxAlerts();

    /// Most silences that are kept.
    @WithDefault("10000")
    int maxSilences();

    /// Most groups of alerts.
    @WithDefault("100000")
    int maxGroups();

    /// How long silences are kept after they have expired, and how long it is known at most who was
    /// told what.
    @WithDefault("120h")
    Duration retention();

    /// What one file of the table `alerts` covers; a day is a multiple of it. The same on all
    /// nodes.
    @WithDefault("2h")
    Duration historyWindow();

    /// Most bytes of history in `dir` that are not in the table yet.
    @WithDefault("256M")
    MemorySize historyLimit();

    /// Where people reach the alert manager, for links. Default: `/alertmanager` of
    /// `muster.rules.external-url`.
    Optional<String> externalUrl();
}
