package dev.muster.blocks.read;

/// What a block source has done since it was made.
///
/// @param selects selections answered
/// @param blocksRead blocks that took part in an answer
/// @param blocksFailed blocks that could not be read and became a warning
/// @param fetches requests to the bucket
/// @param fetchedBytes bytes received
/// @param fetchRetries requests sent once more
/// @param indexBytes memory held by the series of blocks
/// @param indexEvictions series of blocks given up for others
/// @param footerEvictions footers given up for others
/// @param pageBytes memory held by pages
/// @param pageHits pages found in memory
/// @param pageEvictions pages given up for others
public record BlockReadStats(
        long selects,
        long blocksRead,
        long blocksFailed,
        long fetches,
        long fetchedBytes,
        long fetchRetries,
        long indexBytes,
        long indexEvictions,
        long footerEvictions,
        long pageBytes,
        long pageHits,
        long pageEvictions) {}
