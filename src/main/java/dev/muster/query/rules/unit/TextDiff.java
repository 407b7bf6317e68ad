package dev.muster.query.rules.unit;

import java.util.List;

/// Two texts as one, line by line.
final class TextDiff {
    private static final int LINES_LIMIT = 2_000;

    private TextDiff() {}

    /// Lines of both, `-` before those that are only expected and `+` before those that are only
    /// found.
    static String of(String expected, String found, String indent) {
        List<String> one = expected.lines().limit(LINES_LIMIT).toList();
        List<String> two = found.lines().limit(LINES_LIMIT).toList();
        int[][] common = new int[one.size() + 1][two.size() + 1];
        for (int i = one.size() - 1; i >= 0; i--) {
            for (int j = two.size() - 1; j >= 0; j--) {
                common[i][j] =
                        one.get(i).equals(two.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        StringBuilder text = new StringBuilder("diff (-expected +got):");
        int i = 0;
        int j = 0;
        while (i < one.size() || j < two.size()) {
            text.append('\n').append(indent);
            if (i < one.size() && j < two.size() && one.get(i).equals(two.get(j))) {
                text.append("  ").append(one.get(i++));
                j++;
            } else if (j >= two.size()
                    || (i < one.size() && common[i + 1][j] >= common[i][j + 1])) {
                text.append("- ").append(one.get(i++));
            } else {
                text.append("+ ").append(two.get(j++));
            }
        }
        return text.toString();
    }
}
