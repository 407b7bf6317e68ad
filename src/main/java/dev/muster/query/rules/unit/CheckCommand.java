package dev.muster.query.rules.unit;

import dev.muster.query.rules.Rule;
import dev.muster.query.rules.RuleFile;
import dev.muster.query.rules.RuleFileException;
import dev.muster.query.rules.RuleGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// `./muster check rules`: reads rule files and says what promtool says of them.
final class CheckCommand {
    private static final int STDIN_LIMIT_BYTES = 16 << 20;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean duplicates;

    /// What became of all files.
    enum Verdict {
        FINE,
        DOUBTFUL,
        WRONG
    }

    /// @param duplicates whether rules that stand twice are looked for
    CheckCommand(PrintStream out, PrintStream err, boolean duplicates) {
        this.out = out;
        this.err = err;
        this.duplicates = duplicates;
    }

    Verdict run(List<String> files) {
        Verdict worst = Verdict.FINE;
        for (String file : files) {
            out.println("Checking " + file);
            worst = worse(worst, check(() -> RuleFile.read(Path.of(file)), file));
        }
        return worst;
    }

    Verdict runOnInput(InputStream input) {
        out.println("Checking standard input");
        return check(
                () ->
                        RuleFile.parse(
                                "stdin",
                                new String(
                                        input.readNBytes(STDIN_LIMIT_BYTES),
                                        StandardCharsets.UTF_8)),
                "stdin");
    }

    private static Verdict worse(Verdict one, Verdict other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @FunctionalInterface
    private interface Groups {
        List<RuleGroup> read() throws RuleFileException, IOException;
    }

    private Verdict check(Groups source, String file) {
        Verdict verdict = Verdict.FINE;
        try {
            List<RuleGroup> groups = source.read();
            int rules = groups.stream().mapToInt(group -> group.rules().size()).sum();
            List<RuleName> twice = duplicates ? twice(groups) : List.of();
            if (twice.isEmpty()) {
                out.println("  SUCCESS: " + rules + " rules found");
            } else {
                verdict = Verdict.DOUBTFUL;
                tell(twice);
            }
        } catch (RuleFileException e) {
            verdict = Verdict.WRONG;
            out.flush();
            err.println("  FAILED:");
            e.errors().forEach(err::println);
        } catch (IOException e) {
            verdict = Verdict.WRONG;
            out.flush();
            err.println("  FAILED:\n" + file + ": " + e.getMessage());
        }
        out.println();
        return verdict;
    }

    private record RuleName(String name, SortedMap<String, String> labels) {}

    private static List<RuleName> twice(List<RuleGroup> groups) {
        Map<RuleName, Integer> counts = new LinkedHashMap<>();
        for (RuleGroup group : groups) {
            for (Rule rule : group.rules()) {
                counts.merge(new RuleName(rule.name(), rule.labels()), 1, Integer::sum);
            }
        }
        List<RuleName> twice = new ArrayList<>();
        counts.forEach((name, count) -> {
            if (count > 1) {
                twice.add(name);
            }
        });
        return twice;
    }

    private void tell(List<RuleName> twice) {
        out.flush();
        err.println("  FAILED:");
        err.println("lint error " + twice.size() + " duplicate rule(s) found.");
        for (RuleName rule : twice) {
            err.println("Metric: " + rule.name);
            err.println("Label(s):");
            rule.labels.forEach((name, value) -> err.println("\t" + name + ": " + value));
        }
        err.println("Might cause inconsistency while recording expressions");
    }
}
