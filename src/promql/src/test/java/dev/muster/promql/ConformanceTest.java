package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Runs a directory of Prometheus' scripts (`-Dmuster.promql.scripts=DIR`) and holds the number of
/// evals that pass in each file against `promql/floor.txt`: it may rise, never sink. Another
/// directory than the default has no floor.
class ConformanceTest {
    @Test
    void passesAtLeastAsManyEvalsAsBefore() throws IOException, QueryException {
        Path directory = directory();
        assumeTrue(Files.isDirectory(directory), "no scripts there: directory=" + directory);
        Map<String, Integer> floor = isDefault() ? floor() : Map.of();
        List<String> sunk = new ArrayList<>();
        int evals = 0;
        int passed = 0;
        for (Path file : scripts(directory)) {
            String name = String.valueOf(file.getFileName());
            ScriptRunner.Outcome outcome = ScriptRunner.run(Files.readString(file));
            evals += outcome.evals();
            passed += outcome.passed();
            System.out.printf("%-32s %4d of %4d passed%n", name, outcome.passed(), outcome.evals());
            if (Boolean.getBoolean("muster.promql.verbose")) {
                outcome.failures().forEach(failure -> System.out.println("    " + failure));
            }
            Integer least = floor.get(name);
            if (least != null && outcome.passed() < least) {
                sunk.add(
                        name + ": " + outcome.passed() + " < " + least + ": " + outcome.failures());
            }
        }
        System.out.printf("%-32s %4d of %4d passed%n", "all", passed, evals);
        assertThat(sunk).isEmpty();
    }

    private static boolean isDefault() {
        return System.getProperty("muster.promql.scripts", "").isEmpty();
    }

    private static Path directory() {
        return isDefault()
                ? Path.of(System.getProperty("muster.shared", "../shared"), "conformance/promql")
                : Path.of(System.getProperty("muster.promql.scripts", ""));
    }

    private static List<Path> scripts(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".test")).sorted().toList();
        }
    }

    /// Lines `file count`. Files that are not named have no floor.
    private static Map<String, Integer> floor() throws IOException {
        Map<String, Integer> floor = new HashMap<>();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/promql/floor.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    floor.put(
                            line.substring(0, space),
                            Integer.parseInt(line.substring(space + 1).strip()));
                }
            }
        }
        return floor;
    }
}
