package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Runs a folder of cases, each a folder with `metrics` and `test.json`:
/// `-Dmuster.openmetrics.cases=DIR`.
class OpenMetricsConformanceTest {
    private static final Pattern VERDICT = Pattern.compile("\"shouldParse\"\\s*:\\s*(true|false)");

    @Test
    void agreesWithEveryCase() throws IOException {
        Path folder =
                Path.of(
                        System.getProperty(
                                "muster.openmetrics.cases",
                                Bodies.shared("conformance/openmetrics").toString()));
        assumeTrue(
                Files.isDirectory(folder),
                () -> "no OpenMetrics cases to run: folder=" + folder + " is absent");
        List<String> failures = new ArrayList<>();
        int count = 0;
        try (Stream<Path> cases = Files.list(folder)) {
            for (Path dir : cases.filter(Files::isDirectory).sorted().toList()) {
                count++;
                String failure = failure(dir);
                if (!failure.isEmpty()) {
                    failures.add(failure);
                }
            }
        }
        System.out.printf("%d passed, %d failed%n", count - failures.size(), failures.size());
        assertThat(failures).isEmpty();
        assertThat(count).isPositive();
    }

    private static String failure(Path dir) throws IOException {
        Matcher verdict = VERDICT.matcher(Files.readString(dir.resolve("test.json")));
        boolean accept = verdict.find() && verdict.group(1).equals("true");
        try {
            Bodies.parse(
                    ExpositionFormat.OPENMETRICS_TEXT, Files.readAllBytes(dir.resolve("metrics")));
            return accept ? "" : dir.getFileName() + ": accepted, must be refused";
        } catch (ExpositionException e) {
            return accept ? dir.getFileName() + ": must be accepted, but " + e.getMessage() : "";
        }
    }
}
