package dev.muster.query;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.CatalogFile;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What this node keeps of blocks, as it is set.
///
/// @param memory limits of what is kept in memory
/// @param directory where it is kept on disk; empty for nowhere
/// @param diskBytes most bytes there
/// @param prefetchBlocks of how many of the newest blocks the series are read before a query asks
record BlockCaches(
        BlockReadConfig memory, Optional<Path> directory, long diskBytes, int prefetchBlocks) {
    BlockCaches {
        if (prefetchBlocks < 0) {
            throw new StartException(
                    StartException.Reason.CONFIG,
                    "muster.cache.prefetch-blocks: must not be negative: found=" + prefetchBlocks);
        }
    }

    static BlockCaches of(QueryConfig.Cache cache) {
        BlockReadConfig memory = BlockReadConfig.ofHeap(Runtime.getRuntime().maxMemory());
        return new BlockCaches(
                memory.withIndexCache(bytes(cache.seriesSize(), memory.indexCacheBytes()))
                        .withFooterCache(bytes(cache.footersSize(), memory.footerCacheBytes()))
                        .withPageCache(bytes(cache.pagesSize(), memory.pageCacheBytes()))
                        .withDecodedCache(bytes(cache.decodedSize(), memory.decodedCacheBytes())),
                cache.directory().map(Path::of),
                cache.diskSize().asLongValue(),
                cache.prefetchBlocks());
    }

    private static long bytes(Optional<MemorySize> set, long otherwise) {
        return set.map(MemorySize::asLongValue).orElse(otherwise);
    }

    /// The cache on disk; null where there is none.
    @Nullable DiskCache openDisk() {
        if (directory.isEmpty()) {
            return null;
        }
        try {
            return DiskCache.open(directory.get(), diskBytes);
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    StartException.Reason.CONFIG, "muster.cache.disk-size: " + e.getMessage());
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT,
                    "muster.cache.directory: cannot be used: directory="
                            + directory.get()
                            + " reason="
                            + e);
        }
    }

    /// Where the catalog is kept; null for nowhere. The directory is there.
    @Nullable CatalogFile catalogFile(Bucket bucket) {
        return directory
                .map(place -> new CatalogFile(place.resolve("catalog"), bucket.describe()))
                .orElse(null);
    }
}
