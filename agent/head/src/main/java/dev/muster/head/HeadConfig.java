package dev.muster.head;

import java.nio.file.Path;
import java.time.Duration;

/// How a [Head] keeps its samples. Start from [#in(Path)] and change what differs.
///
/// @param directory where the log and the chunks lie; used by one process at a time
/// @param window length of the aligned spans in which samples are shipped and released; 1 min to 1
///   day, a divisor of a day
/// @param syncInterval how often the log is forced to the device: what a power loss may cost
/// @param checkpointInterval how often the log is shortened, so that the next start is fast
/// @param outOfOrderWindow how far behind the clock samples are taken; a window is closed so long
///   after its end
/// @param maxAhead how far before the clock samples are taken
/// @param seriesLimit most series held at once, those that were taken out of memory among them
/// @param lateLimit most out-of-order samples of one series that wait to be sealed, which a
///   checkpoint does at the latest
/// @param diskLimitBytes bytes of log and chunks beyond which the oldest window is dropped
/// @param walSegmentBytes size at which the log goes on in a new file
/// @param openBytesLimit memory for samples that are not yet sealed into chunk files, roughly
/// @param exemplarLimit most exemplars kept of all series together, the newest; 0 keeps none
/// @param idleTimeout a series without a sample for so long is taken out of memory, unless there
///   are exemplars of it; its samples stay
public record HeadConfig(
        Path directory,
        Duration window,
        Duration syncInterval,
        Duration checkpointInterval,
        Duration outOfOrderWindow,
        Duration maxAhead,
        int seriesLimit,
        int lateLimit,
        long diskLimitBytes,
        long walSegmentBytes,
        long openBytesLimit,
        int exemplarLimit,
        Duration idleTimeout) {
    private static final Duration DAY = Duration.ofDays(1);

    public HeadConfig {
        require(
                window.compareTo(Duration.ofMinutes(1)) >= 0
                        && window.compareTo(DAY) <= 0
                        && DAY.toMillis() % window.toMillis() == 0,
                "window must be 1 min to 1 d and divide a day",
                window);
        require(syncInterval.isPositive(), "syncInterval must be positive", syncInterval);
        require(
                checkpointInterval.isPositive(),
                "checkpointInterval must be positive",
                checkpointInterval);
        require(
                !outOfOrderWindow.isNegative(),
                "outOfOrderWindow must not be negative",
                outOfOrderWindow);
        require(!maxAhead.isNegative(), "maxAhead must not be negative", maxAhead);
        require(seriesLimit >= 1, "seriesLimit must be at least 1", seriesLimit);
        require(lateLimit >= 0 && lateLimit <= 65_535, "lateLimit must be 0 to 65535", lateLimit);
        require(diskLimitBytes >= 1, "diskLimitBytes must be at least 1", diskLimitBytes);
        require(
                walSegmentBytes >= 4096 && walSegmentBytes <= 1 << 30,
                "walSegmentBytes must be 4 KiB to 1 GiB",
                walSegmentBytes);
        require(openBytesLimit >= 1, "openBytesLimit must be at least 1", openBytesLimit);
        require(exemplarLimit >= 0, "exemplarLimit must not be negative", exemplarLimit);
        require(idleTimeout.isPositive(), "idleTimeout must be positive", idleTimeout);
    }

    /// The defaults: windows of 2 h, sync every 5 s, checkpoint every 10 min, 10 min out of order,
    /// 10 min ahead, 1 M series, 16 GiB of disk, 10,000 exemplars.
    public static HeadConfig in(Path directory) {
        return new HeadConfig(
                directory,
                Duration.ofHours(2),
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                1_000_000,
                1_000,
                16L << 30,
                32L << 20,
                32L << 20,
                10_000,
                Duration.ofMinutes(5));
    }

    public HeadConfig withWindow(Duration value) {
        return new HeadConfig(
                directory,
                value,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withSyncInterval(Duration value) {
        return new HeadConfig(
                directory,
                window,
                value,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withCheckpointInterval(Duration value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                value,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withOutOfOrderWindow(Duration value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                value,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withMaxAhead(Duration value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                value,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withSeriesLimit(int value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                value,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withLateLimit(int value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                value,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withDiskLimitBytes(long value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                value,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withWalSegmentBytes(long value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                value,
                openBytesLimit,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withOpenBytesLimit(long value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                value,
                exemplarLimit,
                idleTimeout);
    }

    public HeadConfig withExemplarLimit(int value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                value,
                idleTimeout);
    }

    public HeadConfig withIdleTimeout(Duration value) {
        return new HeadConfig(
                directory,
                window,
                syncInterval,
                checkpointInterval,
                outOfOrderWindow,
                maxAhead,
                seriesLimit,
                lateLimit,
                diskLimitBytes,
                walSegmentBytes,
                openBytesLimit,
                exemplarLimit,
                value);
    }

    private static void require(boolean holds, String what, Object found) {
        if (!holds) {
            throw new IllegalArgumentException("head config: " + what + ": found=" + found);
        }
    }
}
