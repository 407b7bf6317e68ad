package dev.muster.blocks.read;

import dev.muster.blocks.bucket.BucketException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// What is missing from one answer. Thread-safe.
final class BlockWarnings {
    /// Warnings shown; the rest is counted.
    private static final int SHOWN = 20;

    private final BlockCatalog catalog;
    private final LongAdder failures;
    private final List<String> shown = new ArrayList<>();
    private int hidden;

    BlockWarnings(BlockCatalog catalog, LongAdder failures) {
        this.catalog = catalog;
        this.failures = failures;
    }

    void add(BlockEntry entry, IOException e) {
        failures.increment();
        if (e instanceof BucketException bucket
                && bucket.kind() == BucketException.Kind.NOT_FOUND) {
            catalog.vanished(entry.id());
        }
        add(entry.id().describe() + " is missing from the answer: " + e.getMessage());
    }

    synchronized void add(String warning) {
        if (shown.size() < SHOWN) {
            shown.add(warning);
        } else {
            hidden++;
        }
    }

    synchronized List<String> list() {
        List<String> all = new ArrayList<>(shown);
        if (hidden > 0) {
            all.add("more blocks are missing from the answer: count=" + hidden);
        }
        return all;
    }
}
