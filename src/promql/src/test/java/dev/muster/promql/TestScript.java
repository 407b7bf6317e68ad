package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A script in Prometheus' test language, as a list of commands.
record TestScript(List<Command> commands) {
    private static final Pattern LOAD = Pattern.compile("load(?:_with_nhcb)?\\s+(\\S+)");
    private static final Pattern INSTANT =
            Pattern.compile(
                    "eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(\\S+))?\\s*(.+)");
    private static final Pattern RANGE =
            Pattern.compile(
                    "eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(.+?)\\s+to\\s+(.+?)\\s+step"
                            + "\\s+(\\S+)\\s+(.+)");
    private static final Pattern EXPECT =
            Pattern.compile(
                    "expect\\s+(ordered|fail|warn|no_warn|info|no_info)(?:\\s+(regex|msg):(.+))?");
    private static final Pattern EXPECT_RANGE =
            Pattern.compile("expect range vector\\s+from\\s+(.+)\\s+to\\s+(.+)\\s+step\\s+(.+)");

    sealed interface Command {
        int line();

        /// @param withNhcb whether classic histograms are loaded as native ones, too
        record Load(int line, long stepMs, List<SeriesLine> series, boolean withNhcb)
                implements Command {}

        record Clear(int line) implements Command {}

        /// @param steps of a range query; empty for an instant query
        record Eval(
                int line, String query, long timeMs, Optional<Steps> steps, Expectation expectation)
                implements Command {}
    }

    /// Something that must be said, or an error that must come.
    ///
    /// @param text what it must be; empty for anything
    record Said(String kind, boolean regex, String text) {
        boolean accepts(String actual) {
            if (text.isEmpty()) {
                return true;
            }
            return regex ? Pattern.compile(text).matcher(actual).find() : text.equals(actual);
        }
    }

    record Expectation(
            List<Said> said,
            List<SeriesLine> series,
            Optional<String> string,
            Optional<Double> scalar,
            Optional<Steps> rangeVector) {
        boolean has(String kind) {
            return said.stream().anyMatch(each -> each.kind().equals(kind));
        }

        List<Said> of(String kind) {
            return said.stream().filter(each -> each.kind().equals(kind)).toList();
        }
    }

    static TestScript parse(String text) throws QueryException {
        List<String> lines = new ArrayList<>();
        text.lines()
                .map(String::strip)
                .map(line -> line.startsWith("#") ? "" : line)
                .forEach(lines::add);
        List<Command> commands = new ArrayList<>();
        int i = 0;
        while (i < lines.size()) {
            int end = i + 1;
            while (end < lines.size() && !lines.get(end).isEmpty()) {
                end++;
            }
            String first = lines.get(i);
            List<String> block = lines.subList(i + 1, end);
            if (first.isEmpty()) {
                i++;
            } else if (first.equals("clear")) {
                commands.add(new Command.Clear(i + 1));
                i++;
            } else if (first.startsWith("load")) {
                commands.add(load(i + 1, first, block));
                i = end;
            } else {
                commands.add(eval(i + 1, first, block));
                i = end;
            }
        }
        return new TestScript(commands);
    }

    private static Command load(int line, String first, List<String> block) throws QueryException {
        Matcher matcher = LOAD.matcher(first);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("line=" + line + ": load must have a step");
        }
        List<SeriesLine> series = new ArrayList<>();
        for (String each : block) {
            series.add(SeriesLine.parse(each));
        }
        return new Command.Load(
                line,
                DurationText.parseMs(matcher.group(1)),
                series,
                first.startsWith("load_with_nhcb"));
    }

    private static Command eval(int line, String first, List<String> block) throws QueryException {
        Matcher range = RANGE.matcher(first);
        if (range.matches()) {
            Steps steps =
                    new Steps(
                            durationMs(range.group(2)),
                            durationMs(range.group(3)),
                            durationMs(range.group(4)));
            return new Command.Eval(
                    line,
                    range.group(5),
                    0,
                    Optional.of(steps),
                    expectation(range.group(1), block));
        }
        Matcher instant = INSTANT.matcher(first);
        if (!instant.matches()) {
            throw new IllegalArgumentException("line=" + line + ": command must be known");
        }
        long timeMs = instant.group(2) == null ? 0 : durationMs(instant.group(2));
        return new Command.Eval(
                line,
                instant.group(3),
                timeMs,
                Optional.empty(),
                expectation(instant.group(1), block));
    }

    private static long durationMs(String text) {
        return text.startsWith("-")
                ? -DurationText.parseMs(text.substring(1))
                : DurationText.parseMs(text);
    }

    private static Expectation expectation(String modifier, List<String> block)
            throws QueryException {
        List<Said> said = new ArrayList<>();
        if (modifier != null) {
            said.add(new Said(modifier, false, ""));
        }
        List<SeriesLine> series = new ArrayList<>();
        Optional<String> string = Optional.empty();
        Optional<Double> scalar = Optional.empty();
        Optional<Steps> rangeVector = Optional.empty();
        for (String line : block) {
            Matcher range = EXPECT_RANGE.matcher(line);
            Matcher expect = EXPECT.matcher(line);
            if (range.matches()) {
                rangeVector =
                        Optional.of(
                                new Steps(
                                        durationMs(range.group(1)),
                                        durationMs(range.group(2)),
                                        durationMs(range.group(3))));
            } else if (line.startsWith("expect string")) {
                string =
                        Optional.of(
                                StringText.unquoted(
                                        line.substring("expect string".length()).strip()));
            } else if (line.startsWith("expected_fail_message")) {
                String text = line.substring("expected_fail_message".length()).strip();
                said.add(new Said("fail", false, text));
            } else if (line.startsWith("expected_fail_regexp")) {
                String text = line.substring("expected_fail_regexp".length()).strip();
                said.add(new Said("fail", true, text));
            } else if (expect.matches()) {
                said.add(
                        new Said(
                                expect.group(1),
                                "regex".equals(expect.group(2)),
                                expect.group(3) == null ? "" : expect.group(3).strip()));
            } else if (isNumber(line)) {
                scalar = Optional.of(signed(line));
            } else {
                series.add(SeriesLine.parse(line));
            }
        }
        return new Expectation(said, series, string, scalar, rangeVector);
    }

    private static boolean isNumber(String line) {
        try {
            signed(line);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static double signed(String text) {
        return (text.startsWith("-") ? -1 : 1) * Numbers.parse(text.replaceFirst("^[-+]", ""));
    }
}
