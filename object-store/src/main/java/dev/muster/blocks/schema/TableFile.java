package dev.muster.blocks.schema;

/// What a series file says of a file with samples of its block.
///
/// @param rows its rows
/// @param sizeBytes its length
/// @param tailOffset where its page indexes begin, which are followed by the footer
/// @param tailCrc CRC-32C of the file from there to its end
public record TableFile(long rows, long sizeBytes, long tailOffset, int tailCrc) {
    public TableFile {
        if (rows < 0 || tailOffset < 0 || tailOffset > sizeBytes) {
            throw new IllegalArgumentException(
                    "block metadata: counts must fit: rows=%d, tail=%d, bytes=%d"
                            .formatted(rows, tailOffset, sizeBytes));
        }
    }

    /// How many bytes the page indexes and the footer have.
    public int tailBytes() {
        return Math.toIntExact(sizeBytes - tailOffset);
    }
}
