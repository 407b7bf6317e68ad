package dev.muster.query.cache;

import dev.muster.model.series.Completeness;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Results of one query for all steps from one time to another.
///
/// @param firstMs its first step
/// @param lastMs its last step; not before the first
/// @param evaluatedMs when the oldest of it was evaluated
/// @param completeness how much of what should have answered did
record Extent(
        long firstMs,
        long lastMs,
        MatrixValue value,
        List<String> warnings,
        List<String> infos,
        Completeness completeness,
        long evaluatedMs) {
    /// Memory of labels and objects of a series.
    private static final long SERIES_BYTES = 300;

    Extent {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }

    /// The part from one time to another, both included.
    Extent between(long fromMs, long toMs) {
        return fromMs <= firstMs && lastMs <= toMs
                ? this
                : new Extent(
                        Math.max(fromMs, firstMs),
                        Math.min(toMs, lastMs),
                        value.between(fromMs, toMs),
                        warnings,
                        infos,
                        completeness,
                        evaluatedMs);
    }

    /// Extents that follow each other, as one.
    ///
    /// @param pieces ascending, at least one
    static Extent inSequence(List<Extent> pieces) {
        if (pieces.size() == 1) {
            return pieces.getFirst();
        }
        Set<String> warnings = new LinkedHashSet<>();
        Set<String> infos = new LinkedHashSet<>();
        Completeness completeness = Completeness.NONE;
        long evaluatedMs = Long.MAX_VALUE;
        for (Extent piece : pieces) {
            warnings.addAll(piece.warnings);
            infos.addAll(piece.infos);
            completeness = completeness.plus(piece.completeness);
            evaluatedMs = Math.min(evaluatedMs, piece.evaluatedMs);
        }
        return new Extent(
                pieces.getFirst().firstMs,
                pieces.getLast().lastMs,
                MatrixValue.inSequence(pieces.stream().map(Extent::value).toList()),
                List.copyOf(warnings),
                List.copyOf(infos),
                completeness,
                evaluatedMs);
    }

    long sizeBytes() {
        long bytes = SERIES_BYTES;
        for (MatrixSeries series : value.series()) {
            bytes += SERIES_BYTES + series.sizeBytes();
        }
        return bytes;
    }
}
