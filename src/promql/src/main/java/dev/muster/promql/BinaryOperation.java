package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.io.IOException;

/// Evaluates binary operators of which at least one side is a vector.
final class BinaryOperation {
    private BinaryOperation() {}

    static <L> L gather(Evaluation evaluation, Expr.Binary binary, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        boolean leftScalar = binary.left().type() == ValueType.SCALAR;
        boolean rightScalar = binary.right().type() == ValueType.SCALAR;
        if (leftScalar || rightScalar) {
            return new ScalarOperation(evaluation, binary, steps).run(gather);
        }
        return evaluation.inOrder(
                gather,
                sink -> {
                    if (binary.operator().isSet()) {
                        new SetOperation(evaluation, binary, steps).run(sink);
                    } else {
                        new BinaryJoin(evaluation, binary, steps).run(sink);
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
}
