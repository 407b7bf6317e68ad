package dev.muster.agent.scrape.sd;

/// Names of labels made of what other systems call things.
public final class LabelNames {
    private LabelNames() {}

    /// The name with an underscore for every character that is no ASCII letter, digit or
    /// underscore.
    public static String of(String text) {
        StringBuilder name = new StringBuilder(text.length());
        text.codePoints().forEach(c -> name.append(isNamePart(c) ? (char) c : '_'));
        return name.toString();
    }

    private static boolean isNamePart(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_';
    }
}
