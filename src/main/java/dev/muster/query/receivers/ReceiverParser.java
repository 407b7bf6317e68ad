package dev.muster.query.receivers;

import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads what a configuration file says of receivers.
@FunctionalInterface
public interface ReceiverParser {
    /// Reads and checks. Asks `global` for all keys that receivers know and leaves it to the caller
    /// to refuse others there; refuses unknown keys of `receivers` itself.
    ///
    /// @param global the mapping of that name
    /// @param receivers the mappings of the list of that name
    /// @param templates patterns of template files as they stand there
    /// @param directory that paths are relative to
    /// @throws YamlException with line and column of what is wrong
    ReceiverBook parse(
            Optional<YamlMap> global,
            List<YamlMap> receivers,
            List<String> templates,
            Path directory)
            throws YamlException;
}
