package dev.muster.query.search;

import java.util.List;
import java.util.Locale;

/// How well a name fits one of several terms: from 0, not at all, to 1, the same. A name that
/// contains a term fits whatever the threshold; fuzzy fits must reach it. Immutable.
public final class NameMatcher {
    /// Ways to compare a name with a term that it does not contain.
    public enum Algorithm {
        /// All characters of the term are in the name, in this order.
        SUBSEQUENCE,
        /// By the characters that both have at about the same place, and a common start.
        JARO_WINKLER
    }

    /*
     * A name that contains a term scores between 0.7 and 1: the more of it the term covers, the more,
     * and more at the start of the name or of a word in it. Subsequences score below that, by how
     * much of the span that they lie in is theirs.
     */
    private static final double CONTAINED = 0.7;
    private static final double AT_START = 0.15;
    private static final double AT_WORD = 0.05;

    private final List<String> terms;
    private final double threshold;
    private final Algorithm algorithm;
    private final boolean caseSensitive;

    /// @param terms a name must fit one of them; empty for every name
    /// @param threshold least score of a fuzzy fit, from 0 to 1; at 1 names must contain a term
    public NameMatcher(
            List<String> terms, double threshold, Algorithm algorithm, boolean caseSensitive) {
        this.terms =
                terms.stream()
                        .filter(term -> !term.isEmpty())
                        .map(term -> caseSensitive ? term : term.toLowerCase(Locale.ROOT))
                        .toList();
        this.threshold = threshold;
        this.algorithm = algorithm;
        this.caseSensitive = caseSensitive;
    }

    /// The score of the term that the name fits best; negative if it fits none.
    public double score(String name) {
        if (terms.isEmpty()) {
            return 1;
        }
        String text = caseSensitive ? name : name.toLowerCase(Locale.ROOT);
        double best = -1;
        for (String term : terms) {
            best = Math.max(best, score(text, term));
        }
        return best;
    }

    private double score(String name, String term) {
        int at = name.indexOf(term);
        if (at >= 0) {
            return contained(name, term, at);
        }
        if (threshold >= 1) {
            return -1;
        }
        double fuzzy =
                switch (algorithm) {
                    case SUBSEQUENCE -> subsequence(name, term);
                    case JARO_WINKLER -> jaroWinkler(name, term);
                };
        return fuzzy > 0 && fuzzy >= threshold ? fuzzy : -1;
    }

    private static double contained(String name, String term, int at) {
        if (name.length() == term.length()) {
            return 1;
        }
        double place = 0;
        if (at == 0) {
            place = AT_START;
        } else if (!Character.isLetterOrDigit(name.charAt(at - 1))) {
            place = AT_WORD;
        }
        double covered = (double) term.length() / name.length();
        return CONTAINED + place + (1 - CONTAINED - AT_START) * covered;
    }

    /// Share of the shortest span with all characters in order that is the term's, where the span
    /// ends as early as it can.
    static double subsequence(String name, String term) {
        int at = 0;
        int last = -1;
        for (int i = 0; i < term.length(); i++) {
            at = name.indexOf(term.charAt(i), at);
            if (at < 0) {
                return 0;
            }
            last = at++;
        }
        int first = last;
        for (int i = term.length() - 1, j = last; i >= 0; j--) {
            if (name.charAt(j) == term.charAt(i)) {
                first = j;
                i--;
            }
        }
        return CONTAINED * term.length() / (last - first + 1);
    }

    /// The similarity of Jaro [1] with Winkler's bonus [2] for up to four characters at the start.
    ///
    /// [1] Advances in record-linkage methodology, 1989. [2] String comparator metrics, 1990.
    static double jaroWinkler(String a, String b) {
        double jaro = jaro(a, b);
        int common = 0;
        while (common < Math.min(4, Math.min(a.length(), b.length()))
                && a.charAt(common) == b.charAt(common)) {
            common++;
        }
        return jaro + 0.1 * common * (1 - jaro);
    }

    private static double jaro(String a, String b) {
        int window = Math.max(0, Math.max(a.length(), b.length()) / 2 - 1);
        boolean[] ofA = new boolean[a.length()];
        boolean[] ofB = new boolean[b.length()];
        int common = 0;
        for (int i = 0; i < a.length(); i++) {
            int to = Math.min(b.length(), i + window + 1);
            for (int j = Math.max(0, i - window); j < to && !ofA[i]; j++) {
                if (!ofB[j] && a.charAt(i) == b.charAt(j)) {
                    ofA[i] = true;
                    ofB[j] = true;
                    common++;
                }
            }
        }
        if (common == 0) {
            return 0;
        }
        int swapped = 0;
        for (int i = 0, j = 0; i < a.length(); i++) {
            if (ofA[i]) {
                while (!ofB[j]) {
                    j++;
                }
                swapped += a.charAt(i) == b.charAt(j) ? 0 : 1;
                j++;
            }
        }
        double m = common;
        return (m / a.length() + m / b.length() + (m - swapped / 2.0) / m) / 3;
    }
}
