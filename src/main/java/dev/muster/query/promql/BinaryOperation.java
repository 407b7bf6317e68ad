package dev.muster.query.promql;

import dev.muster.model.time.Steps;
import java.io.IOException;

/// Evaluates binary operators of which at least one side is a vector.
final class BinaryOperation {
    private BinaryOperation() {}

    static void evaluate(Evaluation evaluation, Expr.Binary binary, Steps steps, SeriesSink sink)
            throws QueryException, IOException {
        boolean leftScalar = binary.left().type() == ValueType.SCALAR;
        boolean rightScalar = binary.right().type() == ValueType.SCALAR;
        if (leftScalar || rightScalar) {
            withScalar(evaluation, binary, leftScalar, steps, sink);
        } else if (binary.operator().isSet()) {
            new SetOperation(evaluation, binary, steps).run(sink);
        } else {
            new BinaryJoin(evaluation, binary, steps).run(sink);
        }
    }

    private static void withScalar(
            Evaluation evaluation,
            Expr.Binary binary,
            boolean leftScalar,
            Steps steps,
            SeriesSink sink)
            throws QueryException, IOException {
        double[] scalars = evaluation.scalar(leftScalar ? binary.left() : binary.right(), steps);
        BinaryOperator operator = binary.operator();
        boolean dropsName = operator.dropsName() || binary.returnBool();
        boolean filters = operator.isComparison() && !binary.returnBool();
        evaluation.vector(
                leftScalar ? binary.right() : binary.left(),
                steps,
                (labels, dropName, column) -> {
                    if (!combinable(evaluation, binary)) {
                        return;
                    }
                    if (filters) {
                        filter(operator, column, scalars, leftScalar);
                    } else {
                        apply(operator, column, scalars, leftScalar);
                    }
                    if (!column.isEmpty()) {
                        sink.accept(labels, dropName || dropsName, column);
                    }
                });
    }

    /// Trimming is for histograms: of floats it makes nothing but a remark.
    static boolean combinable(Evaluation evaluation, Expr.Binary binary) {
        BinaryOperator operator = binary.operator();
        if (operator != BinaryOperator.TRIM_UPPER && operator != BinaryOperator.TRIM_LOWER) {
            return true;
        }
        evaluation
                .run()
                .annotations()
                .incompatibleTypes("float", operator.text(), "float", binary.position());
        return false;
    }

    private static void apply(
            BinaryOperator operator, StepColumn column, double[] scalars, boolean scalarLeft) {
        double[] values = column.values();
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            values[i] =
                    scalarLeft
                            ? operator.apply(scalars[i], values[i])
                            : operator.apply(values[i], scalars[i]);
        }
    }

    private static void filter(
            BinaryOperator operator, StepColumn column, double[] scalars, boolean scalarLeft) {
        double[] values = column.values();
        for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
            boolean holds =
                    scalarLeft
                            ? operator.holds(scalars[i], values[i])
                            : operator.holds(values[i], scalars[i]);
            if (!holds) {
                column.remove(i);
            }
        }
    }
}
