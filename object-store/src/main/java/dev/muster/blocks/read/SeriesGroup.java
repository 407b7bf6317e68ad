package dev.muster.blocks.read;

import static dev.muster.blocks.read.DamagedBlockException.required;

import dev.muster.blocks.schema.SeriesColumns;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/// One row group of a series file that lies in memory. The caller does not change the file.
final class SeriesGroup {
    private static final Map<String, ColumnDescriptor> DESCRIPTORS =
            SeriesColumns.MERGED_SCHEMA.getColumns().stream()
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    column -> String.join(".", column.getPath()),
                                    Function.identity()));

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
                : new ColumnChunk(file, found, required(DESCRIPTORS.get(path), path));
    }

    /// What the footer says of a column; null in blocks of before.
    Footer.@Nullable Column metadata(String path) {
        return group.columns().get(path);
    }
}
