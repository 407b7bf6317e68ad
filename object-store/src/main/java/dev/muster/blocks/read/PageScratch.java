package dev.muster.blocks.read;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// What decoding a page needs for a moment, kept for the next one: making it anew takes longer than
/// many a page. Confined to one thread from when it is taken until it is closed.
final class PageScratch implements AutoCloseable {
    /// As many as decode at a time on a large machine; what is beyond is made and given up.
    private static final int KEPT = 16;

    /// A page may be larger; what it needs is not kept then.
    private static final int LARGEST_KEPT_BYTES = 1 << 18;

    private static final ConcurrentLinkedDeque<PageScratch> FREE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger FREE_COUNT = new AtomicInteger();

    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final RowPageBuilder builder = new RowPageBuilder();
    private byte[] bytes = {};
    private long[] numbers = {};
    private double[] doubles = {};

    private PageScratch() {}

    static PageScratch take() {
        PageScratch free = FREE.pollFirst();
        if (free == null) {
            return new PageScratch();
        }
        FREE_COUNT.decrementAndGet();
        return free;
    }

    /// Room for bytes, valid until the next call; what is in it is not defined.
    byte[] bytes(int count) {
        if (bytes.length < count) {
            bytes = new byte[count];
        }
        return bytes;
    }

    /// Room for whole numbers, as above.
    long[] numbers(int count) {
        if (numbers.length < count) {
            numbers = new long[count];
        }
        return numbers;
    }

    /// Room for doubles, as above.
    double[] doubles(int count) {
        if (doubles.length < count) {
            doubles = new double[count];
        }
        return doubles;
    }

    RowPageBuilder builder() {
        return builder;
    }

    /// Decompresses one frame that must have so many bytes then.
    void decompress(byte[] from, int offset, int length, byte[] into, int plain)
            throws DamagedBlockException {
        if (plain == 0) {
            return;
        }
        try {
            int written = zstd.decompressByteArray(into, 0, plain, from, offset, length);
            if (written != plain) {
                throw new DamagedBlockException(
                        "page: must decompress: expected=%d, found=%d".formatted(plain, written));
            }
        } catch (ZstdException e) {
            throw new DamagedBlockException(
                    "page: must decompress: expected=%d, found=%s"
                            .formatted(plain, Zstd.getErrorName(e.getErrorCode())),
                    e);
        }
    }

    /// It may be taken again.
    @Override
    public void close() {
        if (bytes.length > LARGEST_KEPT_BYTES || FREE_COUNT.get() >= KEPT) {
            zstd.close();
            return;
        }
        FREE_COUNT.incrementAndGet();
        FREE.addFirst(this);
    }
}
