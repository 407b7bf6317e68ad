package dev.muster.blocks.read;

import dev.muster.blocks.schema.SeriesColumns;
import org.jspecify.annotations.Nullable;

/// One row group of a series file that lies in memory. The caller does not change the file.
final class SeriesGroup {
    private final byte[] file;
    private final Footer.Group group;

    SeriesGroup(byte[] file, Footer.Group group) {
        this.file = file;
        this.group = group;
    }

    /// A column from its start.
    ColumnChunk column(String path) throws DamagedBlockException {
        ColumnChunk column = columnIfThere(path);
        if (column == null) {
            throw new DamagedBlockException("series file: must have the column: name=" + path);
        }
        return column;
    }

    /// A column from its start; null in blocks of before.
    @Nullable ColumnChunk columnIfThere(String path) throws DamagedBlockException {
        Footer.Column found = metadata(path);
        return found == null
                ? null
                : new ColumnChunk(
                        file,
                        found,
                        SeriesColumns.MERGED_SCHEMA.getColumnDescription(path.split("\\.", -1)));
    }

    /// What the footer says of a column; null in blocks of before.
    Footer.@Nullable Column metadata(String path) {
        return group.columns().get(path);
    }
}
