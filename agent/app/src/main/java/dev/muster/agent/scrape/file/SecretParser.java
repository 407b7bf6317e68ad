package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Secret;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a value that may stand in the file itself or in one of its own.
final class SecretParser {
    private SecretParser() {}

    /// Empty if neither key is given.
    static Optional<Secret> parse(YamlMap map, String key, String fileKey, Path directory)
            throws YamlException {
        String text = map.text(key, "");
        Optional<Path> file = ScrapeValues.path(map, fileKey, directory);
        if (!text.isEmpty() && file.isPresent()) {
            throw map.error(key, "only one of " + key + " and " + fileKey + " may be given");
        }
        return text.isEmpty() ? file.map(Secret.InFile::new) : Optional.of(new Secret.Text(text));
    }
}
