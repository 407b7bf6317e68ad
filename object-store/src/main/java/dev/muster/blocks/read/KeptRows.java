package dev.muster.blocks.read;

import dev.muster.blocks.disk.DiskCache;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Decoded pages on the local disk, where there is one. Thread-safe.
final class KeptRows {
    /// Names of what lies on the disk, with the number of its form.
    private static final String ROWS = "rows-1 ";

    /// Memory of pages that wait to be written; what would be beyond is not kept.
    private static final long WAITING_BYTES = 8L << 20;

    private final @Nullable DiskCache disk;
    private final AtomicLong waitingBytes = new AtomicLong();

    KeptRows(@Nullable DiskCache disk) {
        this.disk = disk;
    }

    private static String name(PageKey key) {
        return ROWS + key.offset() + " " + key.etag() + " " + key.key();
    }

    /// What was kept of a page; null where nothing was.
    @Nullable RowPage find(PageKey key) {
        DiskCache from = disk;
        byte[] stored = from == null ? null : from.find(name(key));
        if (from == null || stored == null) {
            return null;
        }
        try {
            return RowPage.decode(stored);
        } catch (RuntimeException e) {
            from.drop(name(key));
            return null;
        }
    }

    /// Keeps what was decoded of a page in place of what was kept before, a little later: the query
    /// does not wait for it.
    void keep(PageKey key, RowPage page) {
        DiskCache into = disk;
        if (into == null) {
            return;
        }
        if (waitingBytes.addAndGet(page.sizeBytes()) > WAITING_BYTES) {
            waitingBytes.addAndGet(-page.sizeBytes());
            return;
        }
        Thread.ofVirtual()
                .name("blocks-keep")
                .start(() -> {
                    try {
                        into.replace(name(key), page.encode());
                    } finally {
                        waitingBytes.addAndGet(-page.sizeBytes());
                    }
                });
    }
}
