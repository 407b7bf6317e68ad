package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The identity of a file of the table `alerts`, from which its key follows:
/// `v1/alerts/level=L0/date=2026-11-22/1795348800000-1795356000000-0000.parquet`.
///
/// @param range the window
/// @param number which file of the window, from 0; each has what those before have not
public record AlertsBlockId(TimeRange range, int number) {
    /// Most files of a window.
    public static final int NUMBER_LIMIT = 10_000;

    /// By window, then number.
    public static final Comparator<AlertsBlockId> ORDER =
            Comparator.comparingLong((AlertsBlockId id) -> id.range().startMs())
                    .thenComparingLong(id -> id.range().endMs())
                    .thenComparingInt(AlertsBlockId::number);

    private static final Pattern KEY =
            Pattern.compile(
                    "v1/alerts/level=L0/date=(\\d{4}-\\d\\d-\\d\\d)/"
                            + "(\\d{1,15})-(\\d{1,15})-(\\d{4})\\.parquet");

    public AlertsBlockId {
        if (range.startMs() < 0 || number < 0 || number >= NUMBER_LIMIT) {
            throw new IllegalArgumentException(
                    "alerts block id: number must be 0 to %d, start not negative: startMs=%d, number=%d"
                            .formatted(NUMBER_LIMIT - 1, range.startMs(), number));
        }
    }

    /// What all keys of that day start with.
    public static String prefix(LocalDate date) {
        return "v1/alerts/level=L0/date=%s/".formatted(date);
    }

    /// What all keys of that window start with.
    public static String prefix(TimeRange range) {
        LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(range.startMs()), ZoneOffset.UTC);
        return "%s%d-%d-".formatted(prefix(date), range.startMs(), range.endMs());
    }

    /// The key of the file.
    public String key() {
        return "%s%04d.parquet".formatted(prefix(range), number);
    }

    /// The file of a key; empty if the key is not one that this class makes.
    public static Optional<AlertsBlockId> ofKey(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            var id =
                    new AlertsBlockId(
                            new TimeRange(
                                    Long.parseLong(matcher.group(2)),
                                    Long.parseLong(matcher.group(3))),
                            Integer.parseInt(matcher.group(4)));
            return id.key().equals(key) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
