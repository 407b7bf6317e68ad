package dev.muster.launcher.plan;

import java.nio.file.Path;
import java.util.Optional;

/// The user's files by which the query node of the demo alerts.
///
/// @param rules patterns of rule files, commas between; empty for none
/// @param alertmanager configuration file of the alert manager; empty to tell nobody
public record AlertingFiles(Optional<String> rules, Optional<Path> alertmanager) {
    /// No rules, and nobody is told.
    public static final AlertingFiles NONE = new AlertingFiles(Optional.empty(), Optional.empty());
}
