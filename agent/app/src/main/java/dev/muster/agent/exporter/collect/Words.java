package dev.muster.agent.exporter.collect;

import java.util.regex.Pattern;

/// The words of a line of the kernel.
public final class Words {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Words() {}

    /// What stands between blanks; one empty word for an empty line.
    public static String[] of(String line) {
        return BLANKS.split(line.strip());
    }
}
