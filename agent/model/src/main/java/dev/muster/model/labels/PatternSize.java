package dev.muster.model.labels;

/// About how many steps the program of a regular expression has, from its text alone: a program may
/// be far larger than the text it is compiled from, as in `((a{1000}){1000}){1000}`, so this is
/// asked before it is.
final class PatternSize {
    private final String text;
    private int at;

    private PatternSize(String text) {
        this.text = text;
    }

    /// The size; texts that are no expression have one, too.
    static int of(String text) {
        return (int) Math.min(Integer.MAX_VALUE, new PatternSize(text).choice(0));
    }

    /// Reads up to the end of the group.
    private long choice(int depth) {
        long total = 0;
        long last = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ')' && depth > 0) {
                return total + 1;
            }
            long times = c == '{' ? repetition() : 1;
            if (times > 1) {
                total = plus(total, times(last, times - 1));
                last = times(last, times);
            } else {
                last = atom(c, depth);
                total = plus(total, last);
            }
        }
        return total;
    }

    private long atom(char first, int depth) {
        switch (first) {
            case '(' -> {
                // The parser refuses deeper nesting; this must only survive it.
                return depth < 2_000 ? choice(depth + 1) : 1;
            }
            case '[' -> characterClass();
            case '\\' -> escape();
            default -> {}
        }
        return 1;
    }

    private void characterClass() {
        boolean first = true;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ']' && !first) {
                return;
            }
            if (c == '\\') {
                at++;
            }
            first = first && c == '^';
        }
    }

    private void escape() {
        char kind = at < text.length() ? text.charAt(at) : ' ';
        at++;
        boolean named = kind == 'p' || kind == 'P' || kind == 'x';
        if (named && at < text.length() && text.charAt(at) == '{') {
            int end = text.indexOf('}', at);
            at = end < 0 ? text.length() : end + 1;
        }
    }

    /// The greatest number of a repetition such as `{2,5}`, whose brace was read; 1 if it is none.
    private long repetition() {
        int end = text.indexOf('}', at);
        if (end < 0 || end - at > 20) {
            return 1;
        }
        long greatest = 0;
        for (String number : text.substring(at, end).split(",", -1)) {
            if (!number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return 1;
            }
            greatest = Math.max(greatest, number.isEmpty() ? 0 : Long.parseLong(cut(number)));
        }
        at = end + 1;
        return Math.max(1, greatest);
    }

    private static String cut(String digits) {
        return digits.length() > 9 ? "999999999" : digits;
    }

    private static long times(long a, long b) {
        return Math.min(Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, a) * b);
    }

    private static long plus(long a, long b) {
        return Math.min(Integer.MAX_VALUE, a + b);
    }
}
