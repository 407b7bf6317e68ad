package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs scripts on samples that lie in the head, in blocks, and partly in both: our own scripts,
/// and those of `-Dmuster.promql.scripts` or beside the project where there are any.
class StoragesTest {
    private static final long SEED = Long.getLong("seed", 1);

    @TempDir Path directory;

    @ParameterizedTest
    @EnumSource(names = {"HEAD", "BLOCKS", "SPLIT"})
    void answersAsFromMemory(Storage.Kind kind) throws Exception {
        List<String> differences = new ArrayList<>();
        int evals = 0;
        for (Path file : scripts()) {
            String script = Files.readString(file, StandardCharsets.UTF_8);
            try (Storage storage = new Storage(kind, directory, SEED)) {
                ScriptRunner.Outcome stored = ScriptRunner.run(script, storage);
                evals += stored.evals();
                if (stored.failures().isEmpty()) {
                    continue;
                }
                List<String> known = ScriptRunner.run(script).failures();
                stored.failures().stream()
                        .filter(failure -> known.stream().noneMatch(failure::equals))
                        .forEach(failure -> differences.add(file.getFileName() + " " + failure));
            }
        }
        System.out.printf("%s: %d evals, seed=%d%n", kind, evals, SEED);
        assertThat(differences).isEmpty();
    }

    private static List<Path> scripts() throws IOException {
        List<Path> scripts = new ArrayList<>();
        Path own =
                Path.of(
                        System.getProperty("muster.root", "../.."),
                        "src/promql/src/test/resources/promql");
        scripts.addAll(scripts(own));
        Path others =
                Path.of(
                        System.getProperty(
                                "muster.promql.scripts",
                                System.getProperty("muster.shared", "../shared")
                                        + "/conformance/promql"));
        if (Files.isDirectory(others)) {
            scripts.addAll(scripts(others));
        }
        return scripts;
    }

    private static List<Path> scripts(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".test")).sorted().toList();
        }
    }
}
