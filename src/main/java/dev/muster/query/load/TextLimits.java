package dev.muster.query.load;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.promql.Expr;
import dev.muster.promql.PromQl;
import java.util.List;
import java.util.Optional;

/// What the text of a query may be, whatever it reads.
///
/// @param maxLength most characters of the text
/// @param maxMatchers most matchers of all its selectors together
/// @param maxRegexSize most steps of the program of one of its regular expressions, about
/// @param maxResultPoints most points of the answer of a query
public record TextLimits(int maxLength, int maxMatchers, int maxRegexSize, long maxResultPoints) {
    /// As it is where nothing is set.
    public static final TextLimits DEFAULT = new TextLimits(256 << 10, 1_000, 20_000, 20_000_000);

    public TextLimits {
        if (maxLength < 1 || maxMatchers < 1 || maxRegexSize < 1 || maxResultPoints < 1) {
            throw new IllegalArgumentException(
                    "limits of texts must be positive: max-query-length="
                            + maxLength
                            + ", max-matchers="
                            + maxMatchers
                            + ", max-regex-size="
                            + maxRegexSize
                            + ", max-result-points="
                            + maxResultPoints);
        }
    }

    /// A limit that is passed.
    ///
    /// @param limit its name
    /// @param message says its value and what was found
    public record Passed(String limit, String message) {}

    /// Looks at a text before it is parsed.
    public Optional<Passed> length(String query) {
        return query.length() <= maxLength
                ? Optional.empty()
                : passed("query-length", "be longer", maxLength, query.length());
    }

    /// Looks at an expression before it is evaluated.
    public Optional<Passed> selectors(Expr expr) {
        return selectors(PromQl.selectors(expr));
    }

    /// Looks at selectors before they are asked for.
    public Optional<Passed> selectors(List<List<LabelMatcher>> selectors) {
        int count = 0;
        for (List<LabelMatcher> selector : selectors) {
            count += selector.size();
            for (LabelMatcher matcher : selector) {
                int size = matcher.patternSize();
                if (size > maxRegexSize) {
                    return passed(
                            "regex-size", "have a larger regular expression", maxRegexSize, size);
                }
            }
        }
        return count <= maxMatchers
                ? Optional.empty()
                : passed("matchers", "have more matchers", maxMatchers, count);
    }

    /// Looks at an answer before it is sent.
    public Optional<Passed> result(long points) {
        return points <= maxResultPoints
                ? Optional.empty()
                : passed(
                        "result-points", "have more points in its answer", maxResultPoints, points);
    }

    private static Optional<Passed> passed(String name, String what, long limit, long found) {
        return Optional.of(
                new Passed(
                        name,
                        "query must not %s than max-%s=%d: found=%d"
                                .formatted(what, name, limit, found)));
    }
}
