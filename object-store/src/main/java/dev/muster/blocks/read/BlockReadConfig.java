package dev.muster.blocks.read;

/// Limits of a block source.
///
/// @param indexCacheBytes memory for the series of blocks
/// @param footerCacheBytes memory for footers and page indexes
/// @param pageCacheBytes memory for pages as fetched, compressed
/// @param decodedCacheBytes memory for decoded pages that all readers share, and as much for those
///   that queries hold until they end
/// @param decodedBytesPerReader memory of one reader for decoded pages
/// @param fetches most requests to the bucket at a time, 1 to 1,024
/// @param coalesceGapBytes two ranges with no more than this between them are fetched as one
/// @param fetchBytes most bytes of one request, at least 64 KiB; a page is never split
/// @param fetchedAtATimeBytes memory for what is being fetched and taken apart; what is larger goes
///   alone. As much for pages that are asked for before it is known which are wanted
/// @param blocksPerQuery most blocks of one query; of more the newest are read, with a warning
public record BlockReadConfig(
        long indexCacheBytes,
        long footerCacheBytes,
        long pageCacheBytes,
        long decodedCacheBytes,
        long decodedBytesPerReader,
        int fetches,
        int coalesceGapBytes,
        int fetchBytes,
        long fetchedAtATimeBytes,
        int blocksPerQuery) {
    private static final int LEAST_FETCH_BYTES = 1 << 16;
    private static final int BATCHES_ON_THEIR_WAY = 8;

    /// What a row takes that cannot be made small.
    private static final int BYTES_PER_ROW = 9;

    public static final BlockReadConfig DEFAULT =
            new BlockReadConfig(
                    64L << 20,
                    16L << 20,
                    64L << 20,
                    128L << 20,
                    16L << 20,
                    256,
                    128 << 10,
                    4 << 20,
                    64L << 20,
                    100_000);

    private static final long MEBI = 1 << 20;

    /// Caches that leave most of a heap to queries: less than a quarter of it, and less than 1.1
    /// GB.
    public static BlockReadConfig ofHeap(long heapBytes) {
        return new BlockReadConfig(
                Math.min(512 * MEBI, heapBytes * 3 / 32),
                Math.min(64 * MEBI, heapBytes / 64),
                Math.min(128 * MEBI, heapBytes / 32),
                Math.min(384 * MEBI, heapBytes * 3 / 64),
                Math.min(DEFAULT.decodedBytesPerReader(), heapBytes / 32),
                DEFAULT.fetches(),
                DEFAULT.coalesceGapBytes(),
                DEFAULT.fetchBytes(),
                Math.min(DEFAULT.fetchedAtATimeBytes(), heapBytes / 16),
                DEFAULT.blocksPerQuery());
    }

    public BlockReadConfig withIndexCache(long bytes) {
        return with(bytes, footerCacheBytes, pageCacheBytes, decodedCacheBytes);
    }

    public BlockReadConfig withFooterCache(long bytes) {
        return with(indexCacheBytes, bytes, pageCacheBytes, decodedCacheBytes);
    }

    public BlockReadConfig withPageCache(long bytes) {
        return with(indexCacheBytes, footerCacheBytes, bytes, decodedCacheBytes);
    }

    public BlockReadConfig withDecodedCache(long bytes) {
        return with(indexCacheBytes, footerCacheBytes, pageCacheBytes, bytes);
    }

    private BlockReadConfig with(long index, long footer, long page, long decoded) {
        return new BlockReadConfig(
                index,
                footer,
                page,
                decoded,
                decodedBytesPerReader,
                fetches,
                coalesceGapBytes,
                fetchBytes,
                fetchedAtATimeBytes,
                blocksPerQuery);
    }

    public BlockReadConfig {
        if (indexCacheBytes < 0
                || footerCacheBytes < 0
                || pageCacheBytes < 0
                || decodedCacheBytes < 0
                || decodedBytesPerReader < 0
                || fetchedAtATimeBytes < 0
                || coalesceGapBytes < 0) {
            throw new IllegalArgumentException("block reader: no limit may be negative");
        }
        if (fetches < 1
                || fetches > 1_024
                || fetchBytes < LEAST_FETCH_BYTES
                || blocksPerQuery < 1) {
            throw new IllegalArgumentException(
                    "block reader: fetches must be within 1 and 1024, fetch bytes at least 65536,"
                            + " blocks at least 1: fetches=%d, fetchBytes=%d, blocks=%d"
                                    .formatted(fetches, fetchBytes, blocksPerQuery));
        }
    }

    /// How many rows of a page a reader decodes at a time, if it keeps as many of each of so many
    /// blocks.
    int rowsAhead(long blocks) {
        return Math.clamp(
                decodedBytesPerReader / BYTES_PER_ROW / Math.max(1, blocks),
                1,
                Integer.MAX_VALUE / 2);
    }

    /// How much of a block is fetched and decoded at a time: a part of what all may have on its
    /// way.
    int batchBytes() {
        return Math.clamp(
                fetchedAtATimeBytes / BATCHES_ON_THEIR_WAY, LEAST_FETCH_BYTES, fetchBytes);
    }

    /// In which requests that is fetched.
    PageFetch.Sizes batchSizes() {
        return new PageFetch.Sizes(coalesceGapBytes, fetchBytes, false);
    }

    /// How much a query over so many blocks fetches at a time of what is decoded when it is read:
    /// what it has asked for and not read yet must stay in the cache.
    PageFetch.Sizes sizes(int blocks) {
        long each = pageCacheBytes / 4 / Math.max(1, blocks);
        int bytes = Math.clamp(each, LEAST_FETCH_BYTES, fetchBytes);
        return new PageFetch.Sizes(coalesceGapBytes, bytes, each >= LEAST_FETCH_BYTES);
    }
}
