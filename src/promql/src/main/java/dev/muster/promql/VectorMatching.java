package dev.muster.promql;

import java.util.List;
import java.util.OptionalDouble;

/// How the series of two vectors find each other.
///
/// @param on match by exactly `labels`; otherwise by all labels but them
/// @param labels of `on` or `ignoring`
/// @param include labels that `group_left` or `group_right` takes from the one side
/// @param fillLeft value of a left side that is missing
/// @param fillRight value of a right side that is missing
public record VectorMatching(
        Cardinality cardinality,
        boolean on,
        List<String> labels,
        List<String> include,
        OptionalDouble fillLeft,
        OptionalDouble fillRight) {
    /// How many series of each side may share a match group.
    public enum Cardinality {
        ONE_TO_ONE,
        /// `group_left`
        MANY_TO_ONE,
        /// `group_right`
        ONE_TO_MANY,
        /// Set operators.
        MANY_TO_MANY
    }

    /// By all labels, one to one.
    static final VectorMatching DEFAULT =
            new VectorMatching(
                    Cardinality.ONE_TO_ONE,
                    false,
                    List.of(),
                    List.of(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());

    public VectorMatching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }

    VectorMatching withCardinality(Cardinality newCardinality) {
        return new VectorMatching(newCardinality, on, labels, include, fillLeft, fillRight);
    }

    boolean isGrouping() {
        return cardinality == Cardinality.MANY_TO_ONE || cardinality == Cardinality.ONE_TO_MANY;
    }

    boolean fills() {
        return fillLeft.isPresent() || fillRight.isPresent();
    }
}
