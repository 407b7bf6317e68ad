package dev.muster.blocks.read;

/// What a catalog has seen.
///
/// @param blocks blocks that are visible
/// @param sizeBytes length of their files
/// @param halfBlocks files of samples without their file of series, or the reverse: uploads that
///   are under way or were given up
/// @param unknownNames objects that are no part of a block
/// @param overLimit blocks left out because of the entries limit
/// @param vanished blocks that a reader found missing
/// @param refreshes refreshes that ended well
/// @param refreshErrors refreshes that failed
/// @param fileErrors times that what is known could not be kept on disk
/// @param refreshedMs when the last good refresh ended, Unix time; 0 before the first
public record CatalogStats(
        int blocks,
        long sizeBytes,
        int halfBlocks,
        int unknownNames,
        long overLimit,
        long vanished,
        long refreshes,
        long refreshErrors,
        long fileErrors,
        long refreshedMs) {}
