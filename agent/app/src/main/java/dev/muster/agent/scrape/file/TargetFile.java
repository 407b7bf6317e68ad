package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of `file_sd_configs`: a list of target groups in YAML or JSON.
public final class TargetFile {
    private TargetFile() {}

    /// Reads the file whole or refuses it whole.
    ///
    /// @throws YamlException naming the line at fault
    public static List<TargetGroup> read(Path path) throws YamlException {
        String name = path.toString();
        List<TargetGroup> groups = new ArrayList<>();
        for (YamlMap group : YamlMap.parseList(name, ScrapeFile.text(path))) {
            groups.add(DiscoveryParser.group(group, name));
        }
        return groups;
    }
}
