package dev.muster.agent.scrape.file;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces `${NAME}` and `$NAME` by variables of the environment, and `$$` by `$`. A variable that
/// is not set is replaced by nothing.
final class EnvironmentText {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\$|\\{([^}]*)\\}|([A-Za-z_][A-Za-z0-9_]*))");

    private EnvironmentText() {}

    /// @param absent takes the names of variables that are not set
    static String expand(String text, Map<String, String> environment, List<String> absent) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            String value = "$";
            if (name != null) {
                value = environment.getOrDefault(name, "");
                if (!environment.containsKey(name)) {
                    absent.add(name);
                }
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }
}
