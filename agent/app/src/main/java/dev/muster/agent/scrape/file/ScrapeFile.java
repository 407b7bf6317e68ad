package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.ScrapeJob;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A file in Prometheus' format with `global` and `scrape_configs`, as read.
///
/// @param externalLabels added to every series that has no label of that name
/// @param jobs in the order of the file
/// @param remarks settings that are right but have no effect here, in words, each with its line
public record ScrapeFile(
        Map<String, String> externalLabels, List<ScrapeJob> jobs, List<String> remarks) {
    public static final ScrapeFile EMPTY = new ScrapeFile(Map.of(), List.of(), List.of());

    public ScrapeFile {
        externalLabels = Map.copyOf(externalLabels);
        jobs = List.copyOf(jobs);
        remarks = List.copyOf(remarks);
    }

    /// Reads the file whole or refuses it whole.
    ///
    /// @throws ScrapeFileException naming the line at fault
    public static ScrapeFile read(Path path, ScrapeDefaults defaults) throws ScrapeFileException {
        Path file = path.toAbsolutePath();
        Path directory = Objects.requireNonNullElse(file.getParent(), file);
        return parse(path.toString(), text(path), directory, defaults);
    }

    /// Parses the text of a file.
    ///
    /// @param name of the file, for messages
    /// @param directory that relative names in the file start from
    static ScrapeFile parse(String name, String text, Path directory, ScrapeDefaults defaults)
            throws ScrapeFileException {
        return new ScrapeFileParser(YamlMap.parse(name, text), directory, defaults).parse();
    }

    static String text(Path path) throws ScrapeFileException {
        String name = path.toString();
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new ScrapeFileException(name, 0, "file must exist", e);
        } catch (MalformedInputException e) {
            throw new ScrapeFileException(name, 0, "file must be UTF-8", e);
        } catch (IOException e) {
            throw new ScrapeFileException(name, 0, "file must be readable: " + e, e);
        }
    }
}
