package dev.muster.query.rules.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The verdicts are promtool's, which `src/bench/compare-rules` asks for each of these files; those
/// named `new_*` are right in a later promtool.
class RulesMainTest {
    private static final Path FILES =
            Path.of(System.getProperty("muster.root", ".."), "src/test/resources/rules");

    @TempDir Path directory;

    private record Run(int code, String out, String err) {}

    private static Run run(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                RulesMain.run(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        List.of(arguments));
        return new Run(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static List<Path> files(String directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(FILES.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    static List<Path> ruleFiles() throws IOException {
        List<Path> files = new ArrayList<>(files("check", ".yml"));
        files("templates", ".yml").stream()
                .filter(file -> !file.toString().contains("texts"))
                .forEach(files::add);
        return files;
    }

    @ParameterizedTest
    @MethodSource("ruleFiles")
    void checksAsPromtoolDoes(Path file) {
        String name = file.getFileName().toString();
        Run run = run("", "check", "rules", "--lint-fatal", file.toString());
        int expected = name.startsWith("bad") ? 1 : name.startsWith("lint") ? 3 : 0;
        assertThat(run.code).as(run.err).isEqualTo(expected);
    }

    static List<Path> testFiles() throws IOException {
        return files("test", "_test.yml");
    }

    @ParameterizedTest
    @MethodSource("testFiles")
    void testsAsPromtoolDoes(Path file) {
        Run run = run("", "test", "rules", file.toString());
        int expected = file.toString().endsWith("_fail_test.yml") ? 1 : 0;
        assertThat(run.code).as(run.out + run.err).isEqualTo(expected);
    }

    @Test
    void templatesSayWhatPrometheusSays() throws IOException {
        Run run = run("", "test", "rules", FILES.resolve("templates/texts_test.yml").toString());
        List<String> found = new ArrayList<>();
        String alert = "";
        for (String line : run.err.lines().toList()) {
            if (line.contains("alertname: ")) {
                alert = line.replaceFirst(".*alertname: (\\w+),.*", "$1");
            } else if (line.strip().startsWith("Annotations:")) {
                found.add(alert + " " + line.strip().substring("Annotations:".length()));
            }
        }
        assertThat(found)
                .containsExactlyElementsOf(
                        Files.readAllLines(FILES.resolve("templates/texts.expected")));
    }

    @Test
    void namesPlaceAndNearestKey() {
        Run run =
                run(
                        "groups:\n- name: a\n  rules:\n  - record: b\n    exprr: up\n",
                        "check",
                        "rules");
        assertThat(run.code).isEqualTo(1);
        assertThat(run.err)
                .contains("stdin:5:5: unknown key: found=exprr, nearest=expr, known=[alert,");
    }

    @Test
    void runsOnlyWhatIsAskedFor() {
        String file = FILES.resolve("test/record_value_fail_test.yml").toString();
        assertThat(run("", "test", "rules", "--run=other", file).code).isZero();
    }

    @Test
    void showsDifferences() {
        String file = FILES.resolve("test/record_value_fail_test.yml").toString();
        Run run = run("", "test", "rules", "--diff", file);
        assertThat(run.err).contains("- {__name__=\"job:up:sum\", job=\"a\"} 3E+00");
        assertThat(run.err).contains("+ {__name__=\"job:up:sum\", job=\"a\"} 2E+00");
    }

    @Test
    void writesJunit() throws IOException {
        Path xml = directory.resolve("out.xml");
        String file = FILES.resolve("test/record_value_fail_test.yml").toString();
        assertThat(run("", "test", "rules", "--junit", xml.toString(), file).code).isEqualTo(1);
        assertThat(xml).content().contains("tests=\"1\" failures=\"1\" errors=\"0\"");
    }

    @Test
    void refusesWrongUse() {
        assertThat(run("", "test", "rules").err)
                .isEqualTo(
                        "muster: error: required argument 'test-rule-file' not provided, try"
                                + " --help\n");
        assertThat(run("", "check", "rules", "/nowhere").code).isEqualTo(1);
        assertThat(run("", "check", "rules", "--frob").code).isEqualTo(1);
        assertThat(run("", "check", "rules", "--help").out).startsWith("usage:");
    }
}
