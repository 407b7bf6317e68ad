package dev.muster.promql;

import java.util.List;

/// Series with points, sorted by labels.
public record MatrixValue(List<MatrixSeries> series) implements QueryValue {
    public MatrixValue {
        series = List.copyOf(series);
    }

    @Override
    public ValueType type() {
        return ValueType.MATRIX;
    }

    /// How many series there are.
    public int size() {
        return series.size();
    }
}
