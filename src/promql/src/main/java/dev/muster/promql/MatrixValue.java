package dev.muster.promql;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

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

    /// The points from one time to another, both included.
    public MatrixValue between(long firstMs, long lastMs) {
        List<MatrixSeries> cut = new ArrayList<>();
        for (MatrixSeries each : series) {
            MatrixSeries part = each.between(firstMs, lastMs);
            if (part != null) {
                cut.add(part);
            }
        }
        return new MatrixValue(cut);
    }

    /// Answers to one query for ranges that follow each other in time, as the answer for all of
    /// them.
    ///
    /// @param pieces ascending in time, not overlapping
    public static MatrixValue inSequence(List<MatrixValue> pieces) {
        TreeMap<Labels, List<MatrixSeries>> all = new TreeMap<>();
        for (MatrixValue piece : pieces) {
            for (MatrixSeries each : piece.series) {
                all.computeIfAbsent(each.labels(), _ -> new ArrayList<>(pieces.size())).add(each);
            }
        }
        return new MatrixValue(all.values().stream().map(MatrixSeries::inSequence).toList());
    }
}
