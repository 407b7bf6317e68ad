package dev.muster.query.rules.unit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A file of unit tests of rules.
///
/// @param ruleFiles as written: patterns
/// @param directory that they are relative to
/// @param interval between evaluations
/// @param order of groups by name; groups that are not named come first
/// @param fuzzy whether numbers may differ in their last bit
record TestFile(
        List<String> ruleFiles,
        Path directory,
        Duration interval,
        List<String> order,
        boolean fuzzy,
        List<Case> tests) {
    TestFile {
        ruleFiles = List.copyOf(ruleFiles);
        order = List.copyOf(order);
        tests = List.copyOf(tests);
    }

    /// Samples, and what rules and queries must make of them.
    ///
    /// @param name empty for none
    /// @param interval between input samples
    /// @param input lines of series in test notation
    /// @param startMs time of the first samples and of the first evaluation
    record Case(
            String name,
            Duration interval,
            List<String> input,
            List<AlertTest> alerts,
            List<ExprTest> exprs,
            SortedMap<String, String> externalLabels,
            String externalUrl,
            long startMs) {
        Case {
            input = List.copyOf(input);
            alerts = List.copyOf(alerts);
            exprs = List.copyOf(exprs);
            externalLabels = Collections.unmodifiableSortedMap(new TreeMap<>(externalLabels));
        }

        /// The latest time that is asked for, from the start.
        long lastMs() {
            long last = 0;
            for (AlertTest test : alerts) {
                last = Math.max(last, test.time().toMillis());
            }
            for (ExprTest test : exprs) {
                last = Math.max(last, test.time().toMillis());
            }
            return last;
        }
    }

    /// The alerts of a name that must fire at a time.
    record AlertTest(Duration time, String alert, List<ExpectedAlert> expected) {
        AlertTest {
            expected = List.copyOf(expected);
        }
    }

    /// An alert with its labels and annotations, by name.
    record ExpectedAlert(SortedMap<String, String> labels, SortedMap<String, String> annotations) {
        ExpectedAlert {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        }

        /// As promtool shows it.
        @Override
        public String toString() {
            return "Labels:"
                    + TestText.labels(labels)
                    + "\nAnnotations:"
                    + TestText.labels(annotations);
        }
    }

    /// The samples that a query must answer at a time.
    record ExprTest(String expr, Duration time, List<ExpectedSample> expected) {
        ExprTest {
            expected = List.copyOf(expected);
        }
    }

    /// A sample as written.
    ///
    /// @param labels a metric
    /// @param histogram in test notation; empty where the sample is a number
    record ExpectedSample(String labels, double value, String histogram) {}
}
