package dev.muster.promql;

/// Durations such as `1h30m`.
public final class DurationText {
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1
    };
    private static final long MAX_MS = Long.MAX_VALUE / 1_000_000;

    private DurationText() {}

    /// Milliseconds of a duration.
    ///
    /// @throws IllegalArgumentException if it is none; the message is Prometheus'
    public static long parseMs(String text) {
        if (text.equals("0")) {
            return 0;
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty duration string");
        }
        long totalMs = 0;
        int lastUnit = -1;
        int i = 0;
        while (i < text.length()) {
            int numberEnd = i;
            while (numberEnd < text.length() && isDigit(text.charAt(numberEnd))) {
                numberEnd++;
            }
            int unitEnd = numberEnd;
            while (unitEnd < text.length() && !isDigit(text.charAt(unitEnd))) {
                unitEnd++;
            }
            if (numberEnd == i || unitEnd == numberEnd) {
                throw notADuration(text);
            }
            int unit = unit(text.substring(numberEnd, unitEnd), text);
            if (unit <= lastUnit) {
                throw notADuration(text);
            }
            lastUnit = unit;
            totalMs = add(totalMs, text.substring(i, numberEnd), UNIT_MS[unit], text);
            i = unitEnd;
        }
        return totalMs;
    }

    private static long add(long totalMs, String number, long unitMs, String text) {
        if (number.length() > 18) {
            throw notADuration(text);
        }
        long count = Long.parseLong(number);
        if (count > MAX_MS / unitMs || totalMs + count * unitMs > MAX_MS) {
            throw new IllegalArgumentException("duration out of range");
        }
        return totalMs + count * unitMs;
    }

    private static int unit(String unit, String text) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(unit)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "unknown unit "
                        + StringText.quoted(unit)
                        + " in duration "
                        + StringText.quoted(text));
    }

    private static IllegalArgumentException notADuration(String text) {
        return new IllegalArgumentException(
                "not a valid duration string: " + StringText.quoted(text));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// The shortest text of a duration, `1h30m`; years, weeks and days only where nothing smaller
    /// is left, as Prometheus prints them.
    public static String of(long durationMs) {
        if (durationMs == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long rest = Math.abs(durationMs);
        for (int i = 0; i < UNITS.length; i++) {
            boolean wholeOnly = i < 3;
            if (wholeOnly && rest % UNIT_MS[i] != 0) {
                continue;
            }
            long count = rest / UNIT_MS[i];
            if (count > 0) {
                text.append(count).append(UNITS[i]);
                rest -= count * UNIT_MS[i];
            }
        }
        return durationMs < 0 ? "-" + text : text.toString();
    }
}
