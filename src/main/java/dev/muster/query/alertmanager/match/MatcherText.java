package dev.muster.query.alertmanager.match;

import java.util.List;

/// Reads matchers as Alertmanager does by default: in the new syntax, or, where that is wrong or
/// means something else, in the classic one.
public final class MatcherText {
    private MatcherText() {}

    /// All matchers of a text.
    ///
    /// @throws MatcherException if it is wrong in both ways of writing
    public static List<Matcher> parse(String text) throws MatcherException {
        List<Matcher> classic;
        try {
            classic = ClassicMatchers.parse(text);
        } catch (MatcherException _) {
            return List.copyOf(Utf8Matchers.parse(text));
        }
        return List.copyOf(classic);
    }

    /// The one matcher of a text.
    ///
    /// @throws MatcherException if it is wrong in both ways of writing, or there is not exactly one
    public static Matcher parseOne(String text) throws MatcherException {
        List<Matcher> all = parse(text);
        if (all.size() != 1) {
            throw new MatcherException("text must be one matcher: found=" + text);
        }
        return all.getFirst();
    }
}
