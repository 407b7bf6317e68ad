package dev.muster.query.rules.unit;

import com.google.re2j.Pattern;
import dev.muster.query.rules.FileGlob;
import dev.muster.query.rules.RuleFile;
import dev.muster.query.rules.RuleFileException;
import dev.muster.query.rules.RuleGroup;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `./muster test rules`: runs files of unit tests and says what promtool says of them.
final class TestCommand {
    private final PrintStream out;
    private final PrintStream err;
    private final List<Pattern> names;
    private final boolean diff;

    /// The outcome of one test file.
    record Outcome(String file, List<CaseOutcome> cases, List<String> errors) {}

    /// The outcome of one case.
    record CaseOutcome(String name, List<String> errors) {}

    /// @param names of the cases to run, parts of them; empty for all
    TestCommand(PrintStream out, PrintStream err, List<Pattern> names, boolean diff) {
        this.out = out;
        this.err = err;
        this.names = List.copyOf(names);
        this.diff = diff;
    }

    List<Outcome> run(List<String> files) {
        List<Outcome> outcomes = new ArrayList<>();
        for (String file : files) {
            out.println("Unit Testing:  " + file);
            Outcome outcome = run(file);
            outcomes.add(outcome);
            if (outcome.errors.isEmpty()) {
                out.println("  SUCCESS");
            } else {
                out.flush();
                err.println("  FAILED:");
                for (String error : outcome.errors) {
                    err.println(error);
                    out.println();
                }
            }
            out.println();
        }
        return outcomes;
    }

    private Outcome run(String name) {
        List<CaseOutcome> cases = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        try {
            Path path = Path.of(name);
            TestFile file = TestFileReader.parse(path, Files.readString(path));
            requireOnce(file.order());
            List<Path> ruleFiles = ruleFiles(file);
            int number = 0;
            for (TestFile.Case test : file.tests()) {
                String caseName = test.name().isEmpty() ? "unnamed#" + number : test.name();
                number++;
                if (names.isEmpty()
                        || names.stream().anyMatch(each -> each.matcher(test.name()).find())) {
                    List<String> wrong = run(file, test, ruleFiles);
                    cases.add(new CaseOutcome(caseName, wrong));
                    errors.addAll(wrong);
                }
            }
        } catch (YamlException e) {
            errors.add(e.asCompiler());
        } catch (IOException e) {
            errors.add(String.valueOf(e.getMessage()));
        }
        return new Outcome(name, cases, errors);
    }

    private static void requireOnce(List<String> order) throws IOException {
        Set<String> seen = new HashSet<>();
        for (String group : order) {
            if (!seen.add(group)) {
                throw new IOException("group name repeated in evaluation order: " + group);
            }
        }
    }

    private List<Path> ruleFiles(TestFile file) throws IOException {
        List<Path> all = new ArrayList<>();
        for (String pattern : file.ruleFiles()) {
            List<Path> found = FileGlob.files(file.directory(), pattern);
            if (found.isEmpty()) {
                err.println("  WARNING: no file match pattern " + pattern);
            }
            all.addAll(found);
        }
        return all.stream().distinct().toList();
    }

    private List<String> run(TestFile file, TestFile.Case test, List<Path> ruleFiles)
            throws IOException {
        List<RuleGroup> groups = new ArrayList<>();
        for (Path each : ruleFiles) {
            try {
                groups.addAll(RuleFile.read(each));
            } catch (RuleFileException e) {
                return e.errors();
            }
        }
        return new CaseRun(file, test, groups, diff).run();
    }

    static Optional<String> firstError(List<Outcome> outcomes) {
        return outcomes.stream().flatMap(outcome -> outcome.errors.stream()).findFirst();
    }
}
