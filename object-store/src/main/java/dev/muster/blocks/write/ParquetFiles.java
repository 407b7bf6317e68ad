package dev.muster.blocks.write;

import java.io.IOException;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;

/// What both files of a block have in common as Parquet files.
final class ParquetFiles {
    /// Longest bounds in page indexes and statistics, in bytes.
    static final int BOUND_BYTES = 64;

    private static final long NOT_SPLIT = 1L << 40;

    private ParquetFiles() {}

    /// A new file with page index and checksums; an old one of that name is replaced.
    static ParquetFileWriter create(OutputFile file, MessageType schema) throws IOException {
        return new ParquetFileWriter(
                file,
                schema,
                ParquetFileWriter.Mode.OVERWRITE,
                NOT_SPLIT,
                0,
                BOUND_BYTES,
                BOUND_BYTES,
                true);
    }

    /// Collects the pages of one row group.
    static ColumnChunkPageWriteStore pages(Zstd zstd, MessageType schema) {
        return new ColumnChunkPageWriteStore(
                zstd, schema, HeapByteBufferAllocator.getInstance(), BOUND_BYTES, true);
    }
}
