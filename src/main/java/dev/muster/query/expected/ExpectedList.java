package dev.muster.query.expected;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A list of what should be there, as text: a line each, `host` or `host job instance`; or the list
/// of nodes as the API server of Kubernetes gives it.
final class ExpectedList {
    static final int LIMIT = 200_000;

    /// The name of each item stands in its metadata, before anything nested in them.
    private static final Pattern NODE_NAME =
            Pattern.compile("\"metadata\"\\s*:\\s*\\{\\s*\"name\"\\s*:\\s*\"([^\"\\\\]+)\"");

    private ExpectedList() {}

    /// @throws IllegalArgumentException if a line is wrong, naming it
    static List<ExpectedKey> parse(String text) {
        return text.stripLeading().startsWith("{") ? nodes(text) : lines(text);
    }

    private static List<ExpectedKey> lines(String text) {
        List<ExpectedKey> keys = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String plain = line.replaceFirst("#.*", "").strip();
            if (plain.isEmpty()) {
                continue;
            }
            String[] words = plain.split("\\s+", -1);
            if ((words.length != 1 && words.length != 3) || keys.size() >= LIMIT) {
                throw new IllegalArgumentException(
                        "line="
                                + number
                                + ": must be a host, or a host, a job and an instance, at most "
                                + LIMIT
                                + " lines: found="
                                + plain);
            }
            keys.add(
                    words.length == 1
                            ? ExpectedKey.ofHost(words[0])
                            : new ExpectedKey(words[0], words[1], words[2]));
        }
        return keys;
    }

    private static List<ExpectedKey> nodes(String json) {
        if (!json.contains("\"NodeList\"")) {
            throw new IllegalArgumentException("json must be a list of nodes: kind=NodeList");
        }
        List<ExpectedKey> keys = new ArrayList<>();
        Matcher name = NODE_NAME.matcher(json);
        while (name.find() && keys.size() < LIMIT) {
            keys.add(ExpectedKey.ofHost(name.group(1)));
        }
        return keys;
    }
}
