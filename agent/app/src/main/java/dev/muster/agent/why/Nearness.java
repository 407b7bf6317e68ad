package dev.muster.agent.why;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds names that somebody may have meant.
final class Nearness {
    /*
     * Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours
     * cost 1 each. Names that contain each other count as near whatever their distance, because a
     * missing prefix or suffix (`_total`, a namespace) is the most common slip.
     */
    private static final int LONGEST = 200;

    private Nearness() {}

    /// Those of `names` that are near `wanted`, nearest first, at most `limit`.
    static List<String> nearest(String wanted, Collection<String> names, int limit) {
        record Scored(String name, int score) {}
        List<Scored> scored = new ArrayList<>();
        String asked = wanted.toLowerCase(Locale.ROOT);
        int most = Math.max(2, asked.length() / 3);
        for (String name : names) {
            String other = name.toLowerCase(Locale.ROOT);
            int score = score(asked, other);
            if (score <= most && !name.equals(wanted)) {
                scored.add(new Scored(name, score));
            }
        }
        return scored.stream()
                .sorted(Comparator.comparingInt(Scored::score).thenComparing(Scored::name))
                .limit(limit)
                .map(Scored::name)
                .toList();
    }

    private static int score(String asked, String other) {
        if (asked.length() >= 3
                && other.length() >= 3
                && (other.contains(asked) || asked.contains(other))) {
            return 1;
        }
        if (Math.abs(asked.length() - other.length()) > Math.max(2, asked.length() / 3)
                || other.length() > LONGEST
                || asked.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        return distance(asked, other);
    }

    static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                rows[i][j] = i == 0 ? j : j == 0 ? i : step(rows, a, b, i, j);
            }
        }
        return rows[a.length()][b.length()];
    }

    private static int step(int[][] rows, String a, String b, int i, int j) {
        int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
    }
}
