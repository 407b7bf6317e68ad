package dev.muster.blocks.write;

/// How blocks are written.
///
/// @param rowGroupPages pages a row group of samples, 1 to 1,024
/// @param pageRows rows a page of samples, 64 to 1,048,576
/// @param zstdLevel level of compression, 1 to 19
public record BlockWriterConfig(int rowGroupPages, int pageRows, int zstdLevel) {
    /// 64 pages of 16,384 rows a row group, ZSTD level 3: a page is what reading one series costs
    /// at least.
    public static final BlockWriterConfig DEFAULT = new BlockWriterConfig(64, 16_384, 3);

    /// For merged blocks: the same pages, ZSTD level 9.
    public static final BlockWriterConfig MERGED = new BlockWriterConfig(64, 16_384, 9);

    public BlockWriterConfig {
        within("row group pages", rowGroupPages, 1, 1_024);
        within("page rows", pageRows, 64, 1_048_576);
        within("zstd level", zstdLevel, 1, 19);
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "block writer: %s must be within %d and %d: found=%d"
                            .formatted(name, least, most, value));
        }
    }
}
