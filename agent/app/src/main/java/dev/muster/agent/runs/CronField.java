package dev.muster.agent.runs;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// One field of a cron expression.
final class CronField {
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    /// What a field may hold.
    enum Kind {
        MINUTE(0, 59, List.of()),
        HOUR(0, 23, List.of()),
        DAY(1, 31, List.of()),
        MONTH(1, 12, MONTHS),
        WEEKDAY(0, 7, DAYS);

        private final int first;
        private final int last;
        private final List<String> names;

        Kind(int first, int last, List<String> names) {
            this.first = first;
            this.last = last;
            this.names = names;
        }
    }

    private final BitSet values = new BitSet(64);
    private final boolean star;

    private CronField(boolean star) {
        this.star = star;
    }

    static CronField parse(Kind kind, String text) throws RunException {
        CronField field = new CronField(text.startsWith("*"));
        for (String part : text.split(",", -1)) {
            field.add(kind, part, text);
        }
        if (kind == Kind.WEEKDAY && field.values.get(7)) {
            field.values.set(0);
        }
        return field;
    }

    private void add(Kind kind, String part, String text) throws RunException {
        int slash = part.indexOf('/');
        String range = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : number(part.substring(slash + 1), text);
        int dash = range.indexOf('-');
        int from;
        int to;
        if (range.equals("*")) {
            from = kind.first;
            to = kind == Kind.WEEKDAY ? 6 : kind.last;
        } else if (dash > 0) {
            from = value(kind, range.substring(0, dash), text);
            to = value(kind, range.substring(dash + 1), text);
        } else {
            from = value(kind, range, text);
            to = slash < 0 ? from : kind.last;
        }
        if (step < 1 || from > to) {
            throw RunException.bad("cron field must have ranges that ascend by steps", text);
        }
        for (int i = from; i <= to; i += step) {
            values.set(i);
        }
    }

    private static int value(Kind kind, String word, String text) throws RunException {
        int named = kind.names.indexOf(word.toLowerCase(Locale.ROOT));
        int value = named < 0 ? number(word, text) : named + kind.first;
        if (value < kind.first || value > kind.last) {
            throw RunException.bad(
                    "cron field must be from " + kind.first + " to " + kind.last, text);
        }
        return value;
    }

    private static int number(String word, String text) throws RunException {
        if (!word.matches("[0-9]{1,4}")) {
            throw RunException.bad("cron field must be numbers, names, ranges or steps", text);
        }
        return Integer.parseInt(word);
    }

    boolean has(int value) {
        return values.get(value);
    }

    /// Does it begin with a star?
    boolean isStar() {
        return star;
    }
}
