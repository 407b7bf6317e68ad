package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The identity of a file of the table `upness`, from which its key follows:
/// `v1/upness/level=L0/date=2026-11-22/cell=c1/web-1-1795348800000-1795356000000.parquet`. What was
/// concluded of a window after its file was shipped is in files of their own beside it, with
/// `-late-` and the end of the window in which it was concluded before the suffix.
///
/// @param cell the cell of the agent; not empty
/// @param host the agent's host; not empty
/// @param range the window
/// @param lateMs end of the window in which it was concluded; 0 for what was known in time
public record UpnessBlockId(String cell, String host, TimeRange range, long lateMs) {
    private static final Pattern KEY =
            Pattern.compile(
                    "v1/upness/level=L0/date=(\\d{4}-\\d\\d-\\d\\d)/cell=([^/]+)/"
                            + "([^/]+?)-(\\d{1,15})-(\\d{1,15})(?:-late-(\\d{1,15}))?\\.parquet");

    public UpnessBlockId {
        PercentText.check("cell", cell);
        PercentText.check("host", host);
        if (range.startMs() < 0 || (lateMs != 0 && lateMs <= range.endMs())) {
            throw new IllegalArgumentException(
                    "upness block id: late must be after the window: startMs=%d, endMs=%d, lateMs=%d"
                            .formatted(range.startMs(), range.endMs(), lateMs));
        }
    }

    /// What all keys of that day start with.
    public static String prefix(LocalDate date) {
        return "v1/upness/level=L0/date=%s/".formatted(date);
    }

    /// What all keys of that day and cell start with.
    public static String prefix(LocalDate date, String cell) {
        return prefix(date) + "cell=" + PercentText.escaped(cell) + "/";
    }

    /// The key of the file.
    public String key() {
        LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(range.startMs()), ZoneOffset.UTC);
        return "%s%s-%d-%d%s.parquet"
                .formatted(
                        prefix(date, cell),
                        PercentText.escaped(host),
                        range.startMs(),
                        range.endMs(),
                        lateMs == 0 ? "" : "-late-" + lateMs);
    }

    /// The file of a key; empty if the key is not one that this class makes.
    public static Optional<UpnessBlockId> ofKey(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            String late = matcher.group(6);
            var id =
                    new UpnessBlockId(
                            PercentText.unescaped(matcher.group(2)),
                            PercentText.unescaped(matcher.group(3)),
                            new TimeRange(
                                    Long.parseLong(matcher.group(4)),
                                    Long.parseLong(matcher.group(5))),
                            late == null ? 0 : Long.parseLong(late));
            return id.key().equals(key) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
