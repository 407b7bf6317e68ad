package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.HistogramSum;
import dev.muster.promql.histogram.HistogramTrim;
import dev.muster.promql.histogram.Histograms;
import org.jspecify.annotations.Nullable;

/// A binary operator applied to two samples of which at least one is a histogram.
final class PairOperation {
    private final Expr.Binary binary;
    private final BinaryOperator operator;
    private final Annotations annotations;

    PairOperation(Expr.Binary binary, Annotations annotations) {
        this.binary = binary;
        operator = binary.operator();
        this.annotations = annotations;
    }

    /// Writes the result, if there is any.
    ///
    /// @param leftNumber the left operand where `left` is null
    /// @param rightNumber the right operand where `right` is null
    void apply(
            double leftNumber,
            @Nullable NativeHistogram left,
            double rightNumber,
            @Nullable NativeHistogram right,
            StepColumn into,
            int step) {
        if (left != null && right != null) {
            both(left, right, into, step);
            return;
        }
        NativeHistogram result =
                left != null
                        ? withNumber(left, rightNumber)
                        : right != null && operator == BinaryOperator.MUL
                                ? Histograms.scaled(right, leftNumber)
                                : null;
        if (result == null) {
            incompatible(left != null, right != null);
        } else {
            into.set(step, result);
        }
    }

    private @Nullable NativeHistogram withNumber(NativeHistogram left, double right) {
        return switch (operator) {
            case MUL -> Histograms.scaled(left, right);
            case DIV -> Histograms.divided(left, right);
            case TRIM_UPPER -> HistogramTrim.trimmed(left, right, true);
            case TRIM_LOWER -> HistogramTrim.trimmed(left, right, false);
            default -> null;
        };
    }

    private void both(NativeHistogram left, NativeHistogram right, StepColumn into, int step) {
        switch (operator) {
            case ADD -> add(left, right, 1, into, step);
            case SUB -> add(left, right, -1, into, step);
            case EQUAL_TO -> compare(left, Histograms.same(left, right), into, step);
            case NOT_EQUAL -> compare(left, !Histograms.same(left, right), into, step);
            default -> incompatible(true, true);
        }
    }

    private void add(
            NativeHistogram left, NativeHistogram right, double factor, StepColumn into, int step) {
        HistogramSum sum = HistogramSum.of(left);
        if (!sum.takes(right)) {
            annotations.incompatibleBuckets(operator.text(), binary.position());
            return;
        }
        sum.add(right, factor);
        String operation = factor > 0 ? "addition" : "subtraction";
        if (sum.conflictingResets()) {
            annotations.conflictingResets(operation, binary.position());
        }
        if (sum.reconciledBounds()) {
            annotations.reconciledBounds(operation, binary.position());
        }
        NativeHistogram result = sum.result();
        into.set(step, factor > 0 ? result : result.withCounterReset(CounterReset.GAUGE));
    }

    private void compare(NativeHistogram left, boolean holds, StepColumn into, int step) {
        if (binary.returnBool()) {
            into.set(step, holds ? 1 : 0);
        } else if (holds) {
            into.set(step, left);
        }
    }

    private void incompatible(boolean leftHistogram, boolean rightHistogram) {
        annotations.incompatibleTypes(
                leftHistogram ? "histogram" : "float",
                operator.text(),
                rightHistogram ? "histogram" : "float",
                binary.position());
    }
}
