package dev.muster.blocks.read;

import java.io.IOException;

/// Where the bytes of pages of one file come from.
@FunctionalInterface
interface PageSource {
    /// The bytes of a page, as they are in the file.
    byte[] page(long offset, int sizeBytes) throws IOException;
}
