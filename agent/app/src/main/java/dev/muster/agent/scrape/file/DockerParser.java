package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.sd.docker.DockerTargets;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns an entry of `docker_sd_configs` into settings.
final class DockerParser {
    private static final Duration REFRESH = Duration.ofMinutes(1);

    private final YamlMap entry;
    private final Path directory;

    DockerParser(YamlMap entry, Path directory) {
        this.entry = entry;
        this.directory = directory;
    }

    DiscoverySettings parse() throws YamlException {
        int port = ScrapeValues.count(entry, "port", 80);
        if (port < 1 || port > 65_535) {
            throw entry.error("port", "port must be 1 to 65535: found=" + port);
        }
        return new DockerTargets(
                DiscoveryParser.uri(entry, "host"),
                new HttpAccessParser(entry, directory).parse(),
                port,
                entry.text("host_networking_host", "localhost"),
                entry.flag("match_first_network", true),
                filters(),
                DiscoveryParser.refresh(entry, REFRESH));
    }

    private Map<String, List<String>> filters() throws YamlException {
        Map<String, List<String>> filters = new LinkedHashMap<>();
        for (YamlMap filter : entry.maps("filters")) {
            String name = filter.text("name", "");
            List<String> values = filter.texts("values");
            if (name.isEmpty() || values.isEmpty()) {
                throw filter.error("name", "a filter must have a name and at least one value");
            }
            filters.put(name, values);
            filter.refuseOthers();
        }
        return filters;
    }
}
