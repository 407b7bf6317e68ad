package dev.muster.promql;

/// An order of texts in which runs of digits count as numbers: `cpu2` before `cpu10`.
final class NaturalOrder {
    private NaturalOrder() {}

    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endA = runEnd(a, i);
            int endB = runEnd(b, j);
            String partA = a.substring(i, endA);
            String partB = b.substring(j, endB);
            int order =
                    isDigit(a.charAt(i)) && isDigit(b.charAt(j))
                            ? compareNumbers(partA, partB)
                            : partA.compareTo(partB);
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    private static int compareNumbers(String a, String b) {
        String x = a.replaceFirst("^0+", "");
        String y = b.replaceFirst("^0+", "");
        int order = Integer.compare(x.length(), y.length());
        if (order == 0) {
            order = x.compareTo(y);
        }
        return order != 0 ? order : Integer.compare(a.length(), b.length());
    }

    /// End of the run of digits, or of other characters, that starts at `from`.
    private static int runEnd(String text, int from) {
        boolean digits = isDigit(text.charAt(from));
        int end = from + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digits) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
