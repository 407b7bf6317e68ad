package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.time.Steps;
import java.io.IOException;

/// Evaluates an operator between a vector and a scalar, series by series.
final class ScalarOperation {
    private final Evaluation evaluation;
    private final Expr.Binary binary;
    private final BinaryOperator operator;
    private final Steps steps;
    private final boolean scalarLeft;
    private final boolean filters;
    private final PairOperation pairs;
    private double[] scalars = new double[0];

    ScalarOperation(Evaluation evaluation, Expr.Binary binary, Steps steps) {
        this.evaluation = evaluation;
        this.binary = binary;
        this.steps = steps;
        operator = binary.operator();
        scalarLeft = binary.left().type() == ValueType.SCALAR;
        filters = operator.isComparison() && !binary.returnBool();
        pairs = new PairOperation(binary, evaluation.run().annotations());
    }

    <L> L run(Gather<L> gather) throws QueryException, IOException {
        scalars = evaluation.scalar(scalarLeft ? binary.left() : binary.right(), steps);
        boolean dropsName = operator.dropsName() || binary.returnBool();
        Gather.Stage stage =
                next ->
                        (labels, dropName, column) -> {
                            if (column.hasHistograms()) {
                                mixed(column);
                            } else {
                                numbers(column);
                            }
                            if (!column.isEmpty()) {
                                next.accept(labels, dropName || dropsName, column);
                            }
                        };
        return evaluation.gather(
                scalarLeft ? binary.right() : binary.left(), steps, gather.after(stage));
    }

    private void numbers(StepColumn column) {
        if (!BinaryOperation.combinable(evaluation, binary)) {
            column.clear();
        } else if (filters) {
            filter(column);
        } else {
            apply(column);
        }
    }

    private void apply(StepColumn column) {
        double[] values = column.values();
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            values[i] =
                    scalarLeft
                            ? operator.apply(scalars[i], values[i])
                            : operator.apply(values[i], scalars[i]);
        }
    }

    private void filter(StepColumn column) {
        double[] values = column.values();
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            if (!holds(values[i], scalars[i])) {
                column.remove(i);
            }
        }
    }

    private boolean holds(double value, double scalar) {
        return scalarLeft ? operator.holds(scalar, value) : operator.holds(value, scalar);
    }

    /// A series with histograms, step by step.
    private void mixed(StepColumn column) {
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            NativeHistogram histogram = column.histogram(i);
            double value = column.at(i);
            column.remove(i);
            if (histogram != null && scalarLeft) {
                pairs.apply(scalars[i], null, 0, histogram, column, i);
            } else if (histogram != null) {
                pairs.apply(0, histogram, scalars[i], null, column, i);
            } else if (BinaryOperation.combinable(evaluation, binary)) {
                number(column, i, value);
            }
        }
    }

    private void number(StepColumn column, int step, double value) {
        double scalar = scalars[step];
        if (!filters) {
            column.set(
                    step,
                    scalarLeft ? operator.apply(scalar, value) : operator.apply(value, scalar));
        } else if (holds(value, scalar)) {
            column.set(step, value);
        }
    }
}
