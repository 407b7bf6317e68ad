package dev.muster.agent.scrape.file;

import dev.muster.agent.remotewrite.RemotePlan;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A file in Prometheus' format with `global`, `scrape_configs` and `remote_write`, as read.
///
/// @param externalLabels added to every series that has no label of that name
/// @param jobs in the order of the file
/// @param remarks settings that are right but have no effect here, in words, each with its line
/// @param included other files that were read for it
/// @param remotes stores that samples are sent to, in the order of the file
public record ScrapeFile(
        Map<String, String> externalLabels,
        List<ScrapeJob> jobs,
        List<String> remarks,
        List<Path> included,
        List<RemotePlan> remotes) {
    public static final ScrapeFile EMPTY =
            new ScrapeFile(Map.of(), List.of(), List.of(), List.of(), List.of());

    public ScrapeFile {
        externalLabels = Map.copyOf(externalLabels);
        jobs = List.copyOf(jobs);
        remarks = List.copyOf(remarks);
        included = List.copyOf(included);
        remotes = List.copyOf(remotes);
    }

    /// Reads the file whole or refuses it whole.
    ///
    /// @throws YamlException naming the line at fault
    public static ScrapeFile read(Path path, ScrapeDefaults defaults) throws YamlException {
        return parse(path.toString(), text(path), directoryOf(path), defaults, System.getenv());
    }

    /// The directory that relative names in a file start from.
    static Path directoryOf(Path path) {
        Path file = path.toAbsolutePath();
        return Objects.requireNonNullElse(file.getParent(), file);
    }

    /// Parses the text of a file.
    ///
    /// @param name of the file, for messages
    /// @param directory that relative names in the file start from
    /// @param environment variables that `external_labels` may name
    static ScrapeFile parse(
            String name,
            String text,
            Path directory,
            ScrapeDefaults defaults,
            Map<String, String> environment)
            throws YamlException {
        return new ScrapeFileParser(YamlMap.parse(name, text), directory, defaults, environment)
                .parse();
    }

    static String text(Path path) throws YamlException {
        String name = path.toString();
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new YamlException(name, 0, "file must exist", e);
        } catch (MalformedInputException e) {
            throw new YamlException(name, 0, "file must be UTF-8", e);
        } catch (IOException e) {
            throw new YamlException(name, 0, "file must be readable: " + e, e);
        }
    }
}
