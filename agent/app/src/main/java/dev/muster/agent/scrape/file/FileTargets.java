package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Files that hold target groups: an entry of `file_sd_configs`.
///
/// @param directory relative names start here
/// @param names paths; the last part may hold `*`
/// @param refreshInterval the files are read again at least so often; changes are seen sooner
public record FileTargets(Path directory, List<String> names, Duration refreshInterval)
        implements DiscoverySettings {
    public FileTargets {
        names = List.copyOf(names);
    }

    @Override
    public String kind() {
        return "file";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return new FileDiscovery(this, context);
    }
}
