package dev.muster.agent.scrape.file;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Prometheus writes them: `1h30m`, `15s`, `250ms`, units from large to small.
public final class PrometheusDuration {
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "(?:(\\d{1,6})y)?(?:(\\d{1,6})w)?(?:(\\d{1,6})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?"
                        + "(?:(\\d{1,9})s)?(?:(\\d{1,12})ms)?");
    private static final long[] UNIT_MS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1
    };
    private static final String[] UNIT = {"y", "w", "d", "h", "m", "s", "ms"};

    private PrometheusDuration() {}

    /// Empty if `text` is no such duration.
    public static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher matcher = SYNTAX.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            return Optional.empty();
        }
        long sumMs = 0;
        for (int i = 0; i < UNIT_MS.length; i++) {
            String count = matcher.group(i + 1);
            sumMs += count == null ? 0 : Long.parseLong(count) * UNIT_MS[i];
        }
        return Optional.of(Duration.ofMillis(sumMs));
    }

    /// The shortest way to write it, without years and weeks.
    public static String format(Duration duration) {
        long restMs = duration.toMillis();
        if (restMs == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 2; i < UNIT_MS.length; i++) {
            long count = restMs / UNIT_MS[i];
            if (count > 0) {
                text.append(count).append(UNIT[i]);
                restMs -= count * UNIT_MS[i];
            }
        }
        return text.toString();
    }
}
