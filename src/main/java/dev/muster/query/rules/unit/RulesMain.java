package dev.muster.query.rules.unit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program behind `./muster check rules` and `./muster test rules`.
public final class RulesMain {
    private static final int FAILED = 1;
    private static final int DOUBTFUL = 3;

    private static final String USAGE =
            """
            usage: ./muster check rules [--lint=all|duplicate-rules|none] [--lint-fatal] [FILE...]
                   ./muster test rules [--run=REGEX]... [--diff] [--junit=FILE] FILE...

            check rules reads rule files, or the standard input if none is named.
            test rules runs files of unit tests.
            Exit code: 0 if all is well, 1 if not, 3 if only --lint-fatal finds something.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final InputStream input;
    private final List<String> files = new ArrayList<>();
    private final List<Pattern> names = new ArrayList<>();
    private boolean duplicates = true;
    private boolean fatal;
    private boolean diff;
    private String junit = "";

    /// What was typed is wrong.
    private static final class UsageException extends Exception {
        private UsageException(String message) {
            super(message);
        }
    }

    private RulesMain(InputStream input, PrintStream out, PrintStream err) {
        this.input = input;
        this.out = out;
        this.err = err;
    }

    /// @param arguments as typed after `./muster`
    public static void main(String... arguments) {
        try (PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(System.err, false, StandardCharsets.UTF_8)) {
            int code = run(System.in, out, err, List.of(arguments));
            out.flush();
            err.flush();
            System.exit(code);
        }
    }

    /// Runs a command and answers its exit code.
    static int run(InputStream input, PrintStream out, PrintStream err, List<String> arguments) {
        try {
            return new RulesMain(input, out, err).run(arguments);
        } catch (UsageException e) {
            err.println("muster: error: " + e.getMessage() + ", try --help");
            return FAILED;
        }
    }

    private int run(List<String> arguments) throws UsageException {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        boolean check = arguments.size() > 1 && arguments.getFirst().equals("check");
        boolean test = arguments.size() > 1 && arguments.getFirst().equals("test");
        if ((!check && !test) || !arguments.get(1).equals("rules")) {
            throw new UsageException("command must be 'check rules' or 'test rules'");
        }
        parse(arguments.subList(2, arguments.size()), check);
        for (String file : files) {
            if (!Files.exists(Path.of(file))) {
                throw new UsageException("path '" + file + "' does not exist");
            }
        }
        return check ? check() : test();
    }

    private void parse(List<String> words, boolean check) throws UsageException {
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i++);
            if (!word.startsWith("-") || word.equals("-")) {
                files.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            boolean takesValue = List.of("--lint", "--run", "--junit").contains(name);
            if (takesValue && equals < 0 && i >= words.size()) {
                throw new UsageException("expected argument for flag '" + name + "'");
            }
            String value =
                    equals >= 0 ? word.substring(equals + 1) : takesValue ? words.get(i++) : "";
            option(name, value, check);
        }
    }

    private void option(String name, String value, boolean check) throws UsageException {
        switch ((check ? "check " : "test ") + name) {
            case "check --lint" -> {
                if (!List.of("all", "duplicate-rules", "none").contains(value)) {
                    throw new UsageException("lint option must be known: found=" + value);
                }
                duplicates = !value.equals("none");
            }
            case "check --lint-fatal" -> fatal = true;
            case "test --diff" -> diff = true;
            case "test --junit" -> junit = value;
            case "test --run" -> {
                try {
                    names.add(Pattern.compile(value));
                } catch (PatternSyntaxException e) {
                    throw new UsageException("--run must be a pattern: " + e.getMessage());
                }
            }
            default -> throw new UsageException("unknown long flag '" + name + "'");
        }
    }

    private int check() {
        CheckCommand command = new CheckCommand(out, err, duplicates);
        return switch (files.isEmpty() ? command.runOnInput(input) : command.run(files)) {
            case FINE -> 0;
            case DOUBTFUL -> fatal ? DOUBTFUL : 0;
            case WRONG -> FAILED;
        };
    }

    private int test() throws UsageException {
        if (files.isEmpty()) {
            throw new UsageException("required argument 'test-rule-file' not provided");
        }
        List<TestCommand.Outcome> outcomes = new TestCommand(out, err, names, diff).run(files);
        boolean failed = TestCommand.firstError(outcomes).isPresent();
        if (!junit.isEmpty()) {
            try {
                Files.writeString(Path.of(junit), JunitXml.of(outcomes));
            } catch (IOException e) {
                err.println("muster: file cannot be written: path=" + junit + " reason=" + e);
                return FAILED;
            }
        }
        return failed ? FAILED : 0;
    }
}
