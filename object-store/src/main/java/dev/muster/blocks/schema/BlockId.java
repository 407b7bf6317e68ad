package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The identity of a block, from which the keys of its files follow:
/// `v1/series/level=L0/date=2026-11-22/cell=c1/web-1-1795348800000-1795356000000.parquet` and the
/// same under `v1/samples` and, where there are native histograms, `v1/hist`. The date is that of
/// the start of the window in UTC; characters of cell and host other than letters, digits, dot,
/// dash and underscore stand as `%` and two hex digits for each byte of UTF-8.
///
/// Samples that a peer took while the agent was lost are a block of their own, whose host is
/// followed by `@` and the peer's: `web-1@web-7-1795348800000-1795356000000.parquet`.
///
/// A merged block has the name of its merge ([MergeName]) where others have the host:
/// `m0123456789abcdef.1of2-1795305600000-1795392000000.parquet`.
///
/// @param cell the cell of the agent; not empty
/// @param host the agent's host; of a merged block, its [MergeName]
/// @param by host of the peer that took the samples in the agent's place; empty for its own
/// @param range the window: every sample of the block lies in it
/// @param level how far it has been merged
public record BlockId(String cell, String host, String by, TimeRange range, BlockLevel level) {
    /// Of a block whose samples the agent itself took.
    public static final String OWN = "";

    private static final String SUFFIX = ".parquet";
    private static final Pattern KEY =
            Pattern.compile(
                    "v1/(samples|series|hist)/level=(L[012])/date=(\\d{4}-\\d\\d-\\d\\d)/cell=([^/]+)/"
                        + "([^/@]+)(?:@([^/@]+))?-(\\d{1,15})-(\\d{1,15})\\.parquet");

    /// Times that a key and a Parquet timestamp of microseconds can hold.
    private static final long LATEST_MS = 253_402_300_800_000L;

    public BlockId {
        if (range.startMs() < 0 || range.endMs() > LATEST_MS) {
            throw new IllegalArgumentException(
                    "block id: window must lie between the years 1970 and 9999: startMs=%d, endMs=%d"
                            .formatted(range.startMs(), range.endMs()));
        }
        PercentText.check("cell", cell);
        PercentText.check("host", host);
        if (level != BlockLevel.L0 && MergeName.of(host).isEmpty()) {
            throw new IllegalArgumentException(
                    "block id: a merged block must have the name of a merge: level=%s, found=%s"
                            .formatted(level, host));
        }
        if (!by.isEmpty()) {
            PercentText.check("host and by", host + by);
        }
    }

    /// The block of one agent and window.
    public BlockId(String cell, String host, TimeRange range) {
        this(cell, host, OWN, range, BlockLevel.L0);
    }

    /// The block of one lost agent and window, of what the peer `by` took in its place.
    public static BlockId taken(String cell, String host, String by, TimeRange range) {
        return new BlockId(cell, host, by, range, BlockLevel.L0);
    }

    /// The block that a merge makes.
    ///
    /// @param by who took the samples of all of it; empty where the agents themselves did
    public static BlockId merged(
            String cell, MergeName name, String by, TimeRange range, BlockLevel level) {
        return new BlockId(cell, name.text(), by, range, level);
    }

    /// Was it made of others?
    public boolean isMerged() {
        return level != BlockLevel.L0;
    }

    /// What a merged block is called; empty for one that an agent shipped.
    public Optional<MergeName> mergeName() {
        return isMerged() ? MergeName.of(host) : Optional.empty();
    }

    /// Did the agent itself take the samples?
    public boolean isOwn() {
        return by.isEmpty();
    }

    /// Key of the file with the samples.
    public String samplesKey() {
        return key("samples");
    }

    /// Key of the file with the native histograms, which not every block has.
    public String histKey() {
        return key("hist");
    }

    /// Key of the file with the series. The block is visible when it exists.
    public String seriesKey() {
        return key("series");
    }

    /// What all keys of series files of that day start with.
    public static String seriesPrefix(BlockLevel level, LocalDate date) {
        return prefix("series", level, date);
    }

    /// What all keys of sample files of that day start with.
    public static String samplesPrefix(BlockLevel level, LocalDate date) {
        return prefix("samples", level, date);
    }

    /// What all keys of files of histograms of that day start with.
    public static String histPrefix(BlockLevel level, LocalDate date) {
        return prefix("hist", level, date);
    }

    /// The UTC day in which the window starts.
    public LocalDate date() {
        return LocalDate.ofInstant(Instant.ofEpochMilli(range.startMs()), ZoneOffset.UTC);
    }

    /// The block to which a file belongs; empty if the key is not one that this class makes.
    public static Optional<BlockId> ofKey(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            BlockId id =
                    new BlockId(
                            PercentText.unescaped(matcher.group(4)),
                            PercentText.unescaped(matcher.group(5)),
                            matcher.group(6) == null
                                    ? OWN
                                    : PercentText.unescaped(matcher.group(6)),
                            new TimeRange(
                                    Long.parseLong(matcher.group(7)),
                                    Long.parseLong(matcher.group(8))),
                            BlockLevel.valueOf(matcher.group(2)));
            return id.key(matcher.group(1)).equals(key) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String key(String table) {
        return "%scell=%s/%s%s-%d-%d%s"
                .formatted(
                        prefix(table, level, date()),
                        PercentText.escaped(cell),
                        PercentText.escaped(host),
                        by.isEmpty() ? "" : "@" + PercentText.escaped(by),
                        range.startMs(),
                        range.endMs(),
                        SUFFIX);
    }

    private static String prefix(String table, BlockLevel level, LocalDate date) {
        return "v1/%s/level=%s/date=%s/".formatted(table, level, date);
    }

    /// For messages, such as `block cell=c1 host=web-1 from=2026-11-22T14:00:00Z
    /// to=2026-11-22T16:00:00Z`.
    public String describe() {
        return "block cell=%s %s=%s%s from=%s to=%s"
                .formatted(
                        cell,
                        isMerged() ? "merge" : "host",
                        host,
                        by.isEmpty() ? "" : " by=" + by,
                        Instant.ofEpochMilli(range.startMs()),
                        Instant.ofEpochMilli(range.endMs()));
    }
}
