package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.SeriesColumns;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/// One row group of a series file that lies in memory. The caller does not change the file.
final class SeriesGroup {
    private final byte[] file;
    private final RowGroup group;

    SeriesGroup(byte[] file, RowGroup group) {
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
        ColumnMetaData found = metadata(path);
        return found == null
                ? null
                : new ColumnChunk(
                        file,
                        found,
                        SeriesColumns.SCHEMA.getColumnDescription(path.split("\\.", -1)));
    }

    /// What the footer says of a column; null in blocks of before.
    @Nullable ColumnMetaData metadata(String path) throws DamagedBlockException {
        List<String> wanted = List.of(path.split("\\.", -1));
        for (org.apache.parquet.format.ColumnChunk chunk :
                required(group.getColumns(), "columns")) {
            ColumnMetaData found = required(chunk.getMeta_data(), "column metadata");
            if (wanted.equals(found.getPath_in_schema())) {
                return found;
            }
        }
        return null;
    }
}
