package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryValue;
import dev.muster.promql.ScalarValue;
import dev.muster.promql.VectorValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Answers the queries of rules. Thread-safe.
@FunctionalInterface
public interface RuleQuery {
    /// The samples of an expression at a time.
    ///
    /// @throws QueryException if it has no answer
    /// @throws IOException if series cannot be read
    List<RuleSample> at(String expr, long timeMs) throws QueryException, IOException;

    /// The samples of an expression at a time, with the share of the fleet that they stand on.
    ///
    /// @throws QueryException if it has no answer
    /// @throws IOException if series cannot be read
    default Answer answer(String expr, long timeMs) throws QueryException, IOException {
        return new Answer(at(expr, timeMs), 1);
    }

    /// Samples, and what they stand on.
    ///
    /// @param completeness share of what should have answered that did, 0 to 1
    record Answer(List<RuleSample> samples, double completeness) {
        public Answer {
            samples = List.copyOf(samples);
            if (!(completeness >= 0 && completeness <= 1)) {
                throw new IllegalArgumentException(
                        "completeness must be within 0 and 1: found=" + completeness);
            }
        }
    }

    /// The samples of an answer; a scalar is a sample without labels.
    ///
    /// @throws QueryException if the answer is neither vector nor scalar
    static List<RuleSample> samples(QueryValue value) throws QueryException {
        return switch (value) {
            case ScalarValue scalar -> List.of(new RuleSample(Labels.EMPTY, scalar.value(), null));
            case VectorValue vector -> {
                List<RuleSample> samples = new ArrayList<>();
                for (int i = 0; i < vector.size(); i++) {
                    samples.add(
                            new RuleSample(vector.labels(i), vector.value(i), vector.histogram(i)));
                }
                yield samples;
            }
            default ->
                    throw new QueryException(
                            QueryException.Kind.EXECUTION, "rule result is not a vector or scalar");
        };
    }
}
