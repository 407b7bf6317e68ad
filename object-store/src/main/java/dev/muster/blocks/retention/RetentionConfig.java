package dev.muster.blocks.retention;

import java.time.Duration;
import java.util.Optional;

/// How long tables are kept.
///
/// @param samples blocks: samples, histograms and series; absent for ever. At least a day
/// @param upness how the fleet changed; absent for ever. At least a day
/// @param alerts what became of alerts; absent for ever. At least a day
/// @param grace from the mark that a day is to go until its files do; at least an hour
public record RetentionConfig(
        Optional<Duration> samples,
        Optional<Duration> upness,
        Optional<Duration> alerts,
        Duration grace) {
    private static final Duration LEAST = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Duration LEAST_GRACE = Duration.ofHours(1);

    public RetentionConfig {
        samples.ifPresent(time -> refuseOdd("samples", time));
        upness.ifPresent(time -> refuseOdd("upness", time));
        alerts.ifPresent(time -> refuseOdd("alerts", time));
        if (grace.compareTo(LEAST_GRACE) < 0 || grace.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "grace must be 1h to 36500d: found=" + grace.toHours() + "h");
        }
    }

    private static void refuseOdd(String name, Duration time) {
        if (time.compareTo(LEAST) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 1d to 36500d: found=" + time.toHours() + "h");
        }
    }

    /// Whether anything is ever deleted.
    public boolean isSet() {
        return samples.isPresent() || upness.isPresent() || alerts.isPresent();
    }

    Optional<Duration> of(RetainedTable table) {
        return switch (table) {
            case SAMPLES -> samples;
            case UPNESS -> upness;
            case ALERTS -> alerts;
        };
    }
}
