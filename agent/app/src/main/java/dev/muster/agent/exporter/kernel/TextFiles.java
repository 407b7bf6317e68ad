package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Metrics that scripts leave in files `*.prom` of a directory, in the text format.
///
/// A file with a fault, or with timestamps, is left out whole and told by
/// `node_textfile_scrape_error`; the others count.
final class TextFiles implements Collector {
    private static final System.Logger LOG = System.getLogger(TextFiles.class.getName());
    private static final int FILE_LIMIT = 4 << 20;
    private static final int FILES_LIMIT = 1000;

    /// What the format says of one family, with the lines of its samples as they were written.
    private static final class Family {
        private String help = "";
        private String type = "";
        private final List<String> samples = new ArrayList<>();
    }

    private final Optional<Path> directory;
    private final ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);

    /// Files whose fault has been told.
    private final Set<Path> told = new HashSet<>();

    /// @param directory empty for none
    TextFiles(Optional<Path> directory) {
        this.directory = directory;
    }

    @Override
    public String name() {
        return "textfile";
    }

    @Override
    public Duration period() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void collect(ExpositionWriter into) {
        Map<String, Family> families = new LinkedHashMap<>();
        Map<Path, Double> times = new LinkedHashMap<>();
        boolean failed = false;
        for (Path file : files()) {
            try {
                String text = read(file);
                gather(text, families);
                times.put(file, Files.getLastModifiedTime(file).toMillis() / 1e3);
                told.remove(file);
            } catch (IOException | ExpositionException e) {
                failed = true;
                if (told.add(file)) {
                    LOG.log(
                            Level.WARNING,
                            () -> "text file left out: file=" + file + " cause=" + e.getMessage());
                }
            }
        }
        families.forEach((name, family) -> write(name, family, into));
        String mtime = "node_textfile_mtime_seconds";
        if (!times.isEmpty()) {
            into.family(mtime, MetricType.GAUGE, "When the file was written last.");
            times.forEach((file, time) -> into.sample(mtime, "file", file.toString(), time));
        }
        String error = "node_textfile_scrape_error";
        into.family(error, MetricType.GAUGE, "Whether a file could not be read.")
                .sample(error, failed ? 1 : 0);
    }

    private List<Path> files() {
        if (directory.isEmpty()) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.get(), "*.prom")) {
            for (Path file : all) {
                if (files.size() < FILES_LIMIT) {
                    files.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        files.sort(null);
        return files;
    }

    /// The whole file, checked.
    private String read(Path file) throws IOException, ExpositionException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(FILE_LIMIT + 1);
        }
        if (bytes.length > FILE_LIMIT) {
            throw new IOException("text file must be within its limit: limit=" + FILE_LIMIT);
        }
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length);
        while (parser.next()) {
            if (parser.hasTimestamp()) {
                throw new IOException("text file must have no timestamps: line=" + parser.line());
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void gather(String text, Map<String, Family> families) {
        for (String line : text.lines().map(String::strip).toList()) {
            String[] words = line.split("\\s+", 4);
            if (line.startsWith("#")) {
                if (words.length > 2 && words[1].equals("HELP")) {
                    Family family = families.computeIfAbsent(words[2], _ -> new Family());
                    family.help =
                            family.help.isEmpty() && words.length > 3 ? words[3] : family.help;
                } else if (words.length > 3 && words[1].equals("TYPE")) {
                    families.computeIfAbsent(words[2], _ -> new Family()).type = words[3];
                }
            } else if (!line.isEmpty()) {
                families.computeIfAbsent(familyOf(line, families), _ -> new Family())
                        .samples
                        .add(line);
            }
        }
    }

    /// The family that the name of the sample belongs to, which for histograms and summaries is
    /// shorter.
    private static String familyOf(String line, Map<String, Family> families) {
        String name = line.startsWith("{") ? quotedName(line) : line.split("[{\\s]", 2)[0];
        for (String suffix : List.of("_bucket", "_count", "_sum")) {
            if (name.endsWith(suffix)) {
                String shorter = name.substring(0, name.length() - suffix.length());
                Family family = families.get(shorter);
                if (family != null
                        && (family.type.equals("histogram") || family.type.equals("summary"))) {
                    return shorter;
                }
            }
        }
        return name;
    }

    private static String quotedName(String line) {
        int from = line.indexOf('"');
        int to = from < 0 ? -1 : line.indexOf('"', from + 1);
        return to < 0 ? line : line.substring(from + 1, to);
    }

    private static void write(String name, Family family, ExpositionWriter into) {
        if (family.samples.isEmpty()) {
            return;
        }
        if (!family.help.isEmpty()) {
            into.line("# HELP " + name + " " + family.help);
        }
        into.line("# TYPE " + name + " " + (family.type.isEmpty() ? "untyped" : family.type));
        family.samples.forEach(into::line);
    }
}
