package dev.muster.federation.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks the event logs of a run: `federation-check LOGS`, where each is a file, or a directory
/// whose files that end in `.jsonl` are read. Ends with 0 if every promise was kept, with 1 if one
/// was broken, with 2 if a log cannot be read. The torn last line of a log is no error: its writer
/// was killed.
public final class FederationCheck {
    private FederationCheck() {}

    /// @param arguments files and directories
    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.err.println("usage: federation-check LOGS...");
            System.exit(2);
        }
        try {
            List<LoggedEvent> events = new ArrayList<>();
            for (String argument : arguments) {
                for (Path file : files(Path.of(argument))) {
                    read(file, events);
                }
            }
            List<Finding> findings = Checks.run(events, Promises.MADE);
            System.out.println("events=" + events.size());
            findings.forEach(System.out::println);
            System.exit(findings.stream().allMatch(Finding::kept) ? 0 : 1);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            System.err.println("federation-check: " + e.getMessage());
            System.exit(2);
        }
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    static void read(Path file, List<LoggedEvent> into) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                EventLogText.read(lines.get(i)).ifPresent(into::add);
            } catch (IllegalArgumentException e) {
                if (i < lines.size() - 1) {
                    throw new IllegalArgumentException(
                            "%s line=%d: %s".formatted(file, i + 1, e.getMessage()), e);
                }
            }
        }
    }
}
