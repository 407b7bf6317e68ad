package dev.muster.query;

import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why the node did not start, for people.
///
/// @param exitCode of the process: 2 for a wrong setting, 3 for what is around it, 1 for a defect
/// @param line one line
record StartFailure(int exitCode, String line) {
    private static final Pattern UNKNOWN =
            Pattern.compile("SRCFG00050: (\\S+) in .* does not map to any root");
    private static final Pattern WRONG =
            Pattern.compile(
                    ".*SRCFG\\d+: The config property (\\S+) with the config value \"(.*)\" .*",
                    Pattern.DOTALL);

    static StartFailure of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartException e -> {
                    return new StartFailure(e.reason().exitCode(), e.getMessage());
                }
                case ConfigValidationException e -> {
                    return new StartFailure(
                            StartException.Reason.CONFIG.exitCode(),
                            String.join("; ", problems(e)));
                }
                case BindException e -> {
                    return new StartFailure(
                            StartException.Reason.ENVIRONMENT.exitCode(),
                            "muster.http.port: cannot listen: " + e.getMessage());
                }
                default -> {}
            }
        }
        return new StartFailure(1, "cannot start: " + failure);
    }

    private static List<String> problems(ConfigValidationException e) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < e.getProblemCount(); i++) {
            problems.add(plain(e.getProblem(i).getMessage()));
        }
        return problems;
    }

    /// The library's text without its codes: the key first, then what is wrong with it.
    private static String plain(String message) {
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.matches()) {
            return unknown.group(1) + ": is not a setting of the query node";
        }
        Matcher wrong = WRONG.matcher(message);
        if (wrong.matches()) {
            return wrong.group(1) + ": cannot be read: found=" + wrong.group(2);
        }
        return message;
    }
}
