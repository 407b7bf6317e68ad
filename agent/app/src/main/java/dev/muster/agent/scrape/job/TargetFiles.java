package dev.muster.agent.scrape.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Files that hold target groups, as `file_sd_configs` names them.
///
/// @param directory relative names start here
/// @param names paths; the last part may hold `*`
/// @param refreshInterval the files are read again at least so often; changes are seen sooner
public record TargetFiles(Path directory, List<String> names, Duration refreshInterval) {
    public TargetFiles {
        names = List.copyOf(names);
    }
}
