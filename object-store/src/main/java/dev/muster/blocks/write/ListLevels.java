package dev.muster.blocks.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/// How the entries of one page fall into lists, one for each row. Confined to the thread of its
/// file.
final class ListLevels {
    private static final int FIRST_BYTES = 64;
    private static final int SLAB_BYTES = 1 << 20;

    private RunLengthBitPackingHybridEncoder repetitions = encoder();
    private RunLengthBitPackingHybridEncoder definitions = encoder();
    private int levels;
    private int empty;

    private static RunLengthBitPackingHybridEncoder encoder() {
        return new RunLengthBitPackingHybridEncoder(
                1, FIRST_BYTES, SLAB_BYTES, HeapByteBufferAllocator.getInstance());
    }

    /// Adds the list of one row.
    void add(int size) throws IOException {
        repetitions.writeInt(0);
        definitions.writeInt(size == 0 ? 0 : 1);
        for (int i = 1; i < size; i++) {
            repetitions.writeInt(1);
            definitions.writeInt(1);
        }
        levels += Math.max(1, size);
        empty += size == 0 ? 1 : 0;
    }

    /// Entries, and one for each empty list.
    int count() {
        return levels;
    }

    int emptyCount() {
        return empty;
    }

    /// To be asked once for each page.
    BytesInput repetitions() throws IOException {
        return copy(repetitions.toBytes());
    }

    /// To be asked once for each page.
    BytesInput definitions() throws IOException {
        return copy(definitions.toBytes());
    }

    private static BytesInput copy(BytesInput bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
        bytes.writeAllTo(out);
        return BytesInput.from(out.toByteArray());
    }

    void clear() {
        repetitions.close();
        definitions.close();
        repetitions = encoder();
        definitions = encoder();
        levels = 0;
        empty = 0;
    }
}
