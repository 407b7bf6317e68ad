package dev.muster.model.labels;

/// The order of strings by their UTF-8 bytes, which is the order by code points.
///
/// It differs from [String#compareTo] only where a surrogate pair meets a character above the
/// surrogates.
public final class Utf8Order {
    private Utf8Order() {}

    /// As [java.util.Comparator#compare].
    @SuppressWarnings("ReferenceEquality") // labels of many series share their strings
    public static int compare(String left, String right) {
        if (left == right) {
            return 0;
        }
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Integer.compare(rank(a), rank(b));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /// Surrogates stand for code points above 0xFFFF, so they come after every other char.
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
}
