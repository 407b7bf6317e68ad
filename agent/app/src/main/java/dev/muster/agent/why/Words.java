package dev.muster.agent.why;

import dev.muster.model.labels.Labels;
import java.time.Instant;
import java.util.Locale;

/// How times, sizes and numbers of things are said.
final class Words {
    private static final int TEXT_LIMIT = 300;

    private Words() {}

    /// Such as `3 s ago`; in the future `in 3 s`.
    static String ago(long atMs, long nowMs) {
        return nowMs >= atMs ? span(nowMs - atMs) + " ago" : "in " + span(atMs - nowMs);
    }

    static String span(long ms) {
        if (ms < 1_000) {
            return ms + " ms";
        }
        if (ms < 120_000) {
            return ms % 1_000 == 0 || ms >= 10_000
                    ? ms / 1_000 + " s"
                    : String.format(Locale.ROOT, "%.1f s", ms / 1e3);
        }
        return ms < 7_200_000 ? ms / 60_000 + " min" : ms / 3_600_000 + " h";
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f ms" : "%.0f ms", nanos / 1e6);
    }

    static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    /// Such as `1 series`, `3 targets`.
    static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return bytes + " bytes";
        }
        return bytes < 10_000_000
                ? bytes / 1_000 + " kB"
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /// At most so much of a text from outside.
    static String cut(String text) {
        return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT) + "…";
    }

    static String cut(Labels labels) {
        return cut(labels.toString());
    }
}
