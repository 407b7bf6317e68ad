package dev.muster.blocks.read;

import java.util.ArrayList;
import java.util.List;

/// Where one page of a column lies, as an offset index says.
///
/// @param sizeBytes with its header, compressed
/// @param firstRow of the row group
record PageLocation(long offset, int sizeBytes, long firstRow) {
    /// The pages of an offset index.
    ///
    /// @param from where the index begins
    static List<PageLocation> list(CompactStruct from) {
        List<PageLocation> all = new ArrayList<>();
        for (int field = from.field(0); field != 0; field = from.field(field)) {
            if (field == 1) {
                for (int left = from.list(); left > 0; left--) {
                    all.add(one(from));
                }
            } else {
                from.skip();
            }
        }
        return all;
    }

    private static PageLocation one(CompactStruct from) {
        long offset = 0;
        int sizeBytes = 0;
        long firstRow = 0;
        for (int field = from.field(0); field != 0; field = from.field(field)) {
            switch (field) {
                case 1 -> offset = from.number();
                case 2 -> sizeBytes = from.int32();
                case 3 -> firstRow = from.number();
                default -> from.skip();
            }
        }
        return new PageLocation(offset, sizeBytes, firstRow);
    }
}
