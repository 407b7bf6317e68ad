package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;

/// Evaluates `and`, `or` and `unless`: the right side, or for `or` the left, is only remembered as
/// steps at which a match group is there.
final class SetOperation {
    private final Evaluation evaluation;
    private final Expr.Binary binary;
    private final Steps steps;
    private final GroupTable<StepColumn> present;

    SetOperation(Evaluation evaluation, Expr.Binary binary, Steps steps) {
        this.evaluation = evaluation;
        this.binary = binary;
        this.steps = steps;
        present = new GroupTable<>(Grouping.of(binary.matching().orElse(VectorMatching.DEFAULT)));
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        if (binary.operator() == BinaryOperator.OR) {
            union(sink);
            return;
        }
        evaluation.vector(binary.right(), steps, (labels, _, column) -> mark(labels, column));
        boolean and = binary.operator() == BinaryOperator.AND;
        evaluation.vector(
                binary.left(),
                steps,
                (labels, dropName, column) -> {
                    StepColumn other = present.find(labels);
                    if (other == null) {
                        if (and) {
                            return;
                        }
                    } else if (and) {
                        column.retain(other);
                    } else {
                        column.removeAll(other);
                    }
                    if (!column.isEmpty()) {
                        sink.accept(labels, dropName, column);
                    }
                });
        release();
    }

    private void union(SeriesSink sink) throws QueryException, IOException {
        // The same labels may stand left at some steps and right at others.
        SeriesMerge merge = new SeriesMerge(evaluation.run().budget());
        evaluation.vector(
                binary.left(),
                steps,
                (labels, dropName, column) -> {
                    mark(labels, column);
                    merge.accept(labels, dropName, column);
                });
        evaluation.vector(
                binary.right(),
                steps,
                (labels, dropName, column) -> {
                    StepColumn left = present.find(labels);
                    if (left != null) {
                        column.removeAll(left);
                    }
                    if (!column.isEmpty()) {
                        merge.accept(labels, dropName, column);
                    }
                });
        release();
        merge.flush(sink);
    }

    private void mark(Labels labels, StepColumn column) {
        StepColumn group = present.find(labels);
        if (group == null) {
            group = new StepColumn(steps.count());
            evaluation.run().budget().chargeMemory(StepColumn.sizeBytes(steps.count()));
            present.add(labels, group);
        }
        group.markAll(column);
    }

    private void release() {
        evaluation
                .run()
                .budget()
                .releaseMemory(present.size() * StepColumn.sizeBytes(steps.count()));
    }
}
