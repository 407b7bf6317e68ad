package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/// What is logged for checks: `muster.events.*`.
@ConfigMapping(prefix = "muster.events")
public interface EventSettings {
    /// File for JSON lines of what this agent sees. Default: none.
    Optional<Path> log();
}
