package dev.muster.blocks.read;

import java.io.IOException;

/// Where the bytes of pages of one file come from.
@FunctionalInterface
interface PageSource {
    /// The bytes of a page. Where they lie among others, these are in memory as long as it is.
    PageBytes page(long offset, int sizeBytes) throws IOException;
}
