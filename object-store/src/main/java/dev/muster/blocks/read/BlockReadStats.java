package dev.muster.blocks.read;

/// What a block source has done since it was made.
///
/// @param selects selections answered
/// @param blocksRead blocks that took part in an answer
/// @param blocksFailed blocks that could not be read and became a warning
/// @param fetches requests to the bucket
/// @param fetchedBytes bytes received
/// @param fetchNanos time until they were here, of all requests together
/// @param fetchRetries requests sent once more
/// @param bytesOnTheWay bytes that are fetched and taken apart now
/// @param waitsForRoom how often a fetch waited until fewer were
/// @param earlyBytes bytes asked for before it was known whether they are wanted, and held now
/// @param earlyReads metrics of blocks that were asked for so
/// @param earlyReadsRefused those for which there was no room
/// @param prefetched blocks whose series were read before a query asked
/// @param prefetchesFailed blocks for which that could not be done
/// @param decodedSamples samples taken out of their pages; those of histograms do not count
/// @param decodeNanos time that it took, of all threads together
/// @param indexes which series blocks have, in memory
/// @param footers where pages are, in memory
/// @param pages pages as fetched, in memory
/// @param decoded decoded pages, in memory
/// @param disk what was fetched, on disk
public record BlockReadStats(
        long selects,
        long blocksRead,
        long blocksFailed,
        long fetches,
        long fetchedBytes,
        long fetchNanos,
        long fetchRetries,
        long bytesOnTheWay,
        long waitsForRoom,
        long earlyBytes,
        long earlyReads,
        long earlyReadsRefused,
        long prefetched,
        long prefetchesFailed,
        long decodedSamples,
        long decodeNanos,
        CacheStats indexes,
        CacheStats footers,
        CacheStats pages,
        CacheStats decoded,
        CacheStats disk) {}
