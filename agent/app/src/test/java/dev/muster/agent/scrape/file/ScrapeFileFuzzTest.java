package dev.muster.agent.scrape.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Mutates our corpus of configuration files: whatever comes, a file is taken or refused with a
/// line, in a time that its length bounds.
///
/// More rounds with `-Dmuster.fuzz.rounds=N`, the same ones with `-Dseed=N`.
class ScrapeFileFuzzTest {
    private static final int ROUNDS = Integer.getInteger("muster.fuzz.rounds", 1_000);
    private static final String[] PIECES = {
        "\n",
        "  ",
        "\t",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "'",
        "\"",
        "&a ",
        "*a",
        "<<: *a",
        "|",
        ">",
        "# ",
        "!!str ",
        "!x ",
        "? ",
        "---\n",
        "...\n",
        "%YAML 9\n",
        "\u0000",
        "\u0085",
        "\ufeff",
        "~",
        "null",
        "true",
        "1e999",
        "-1",
        "9999999999999999999",
        "0x7f",
        "250ms",
        "1s500ms",
        "10GB",
        "$1",
        "${A}",
        "(?=x)",
        "\\",
        "\ud83d\ude00",
        "__address__",
        "job_name",
        "a".repeat(300),
    };

    private static List<String> corpus() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name :
                List.of("../examples/node-and-blackbox.yml", "../examples/kubernetes.yml")) {
            texts.add(resource(name));
        }
        resource("refused.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line ->
                        line.split(" \\| ", 2)[0]
                                .replace("\\n", "\n")
                                .replace("JOB ", "scrape_configs:\n- job_name: a\n  "))
                .forEach(texts::add);
        return texts;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ScrapeFileFuzzTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }

    private static String mutated(Random random, List<String> corpus) {
        // whole files first: half of the mutants are of those that are taken
        int from = random.nextBoolean() ? random.nextInt(2) : random.nextInt(corpus.size());
        StringBuilder text = new StringBuilder(corpus.get(from));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(20));
            switch (random.nextInt(6)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.delete(at, end);
                case 3 -> text.insert(at, text.substring(at, end));
                case 4 -> text.insert(at, (char) random.nextInt(0x3000));
                default -> swapLines(random, text);
            }
        }
        return text.toString();
    }

    private static void swapLines(Random random, StringBuilder text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.toString().split("\n", -1)));
        int from = random.nextInt(lines.size());
        lines.add(random.nextInt(lines.size()), lines.remove(from));
        text.setLength(0);
        text.append(String.join("\n", lines));
    }

    /// @return whether the file was taken
    private static boolean read(String text) {
        try {
            ScrapeFile.parse(
                    "p.yml", text, Path.of("/nonexistent"), ScrapeFileTest.DEFAULTS, Map.of());
            return true;
        } catch (YamlException e) {
            assertThat(e.line()).as(e.getMessage()).isPositive();
            assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(2_000);
            return false;
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void takesOrRefuses() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        List<String> corpus = corpus();
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = mutated(random, corpus);
            try {
                taken += read(text) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed=" + seed + " round=" + round + " file:\n" + text, e);
            }
        }
        assertThat(taken).isBetween(ROUNDS / 200, ROUNDS - 1);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void boundsWhatAliasesStandFor() {
        StringBuilder rules = new StringBuilder("x: &r\n");
        for (int i = 0; i < 2_000; i++) {
            rules.append("- {action: drop, source_labels: [a], regex: b}\n");
        }
        StringBuilder jobs = new StringBuilder("scrape_configs:\n");
        for (int i = 0; i < 2_000; i++) {
            jobs.append("- job_name: j").append(i).append("\n  relabel_configs: ");
            jobs.append(i == 0 ? "&r\n" + rules.substring(6).indent(4) : "*r\n");
        }
        refused(jobs.toString(), "aliases must not stand for more than values=1000000");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void boundsMergesThatMultiply() {
        StringBuilder text = new StringBuilder("a0: &a0 {job_name: x}\n");
        for (int i = 1; i < 200; i++) {
            text.append("a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
        }
        text.append("scrape_configs: [*a199]\n");
        refused(text.toString(), "<< must not nest deeper than levels=20");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void boundsDepthAndSize() {
        refused("scrape_configs: " + "[".repeat(100_000), "must be YAML: ");
        refused("{a: ".repeat(4_000), "must be YAML: ");
        refused("- ".repeat(10_000), "must be YAML: ");
        refused("# " + "x".repeat(3 << 20) + "\n", "must be YAML: a line must have at most");
        refused("# x\n".repeat(5 << 20), "must be YAML: a file must have at most");
    }

    private static void refused(String text, String message) {
        try {
            ScrapeFile.parse(
                    "p.yml", text, Path.of("/nonexistent"), ScrapeFileTest.DEFAULTS, Map.of());
            throw new AssertionError("file must be refused");
        } catch (YamlException e) {
            assertThat(e).hasMessageContaining(message);
            assertThat(e.line()).isPositive();
        }
    }
}
