package dev.muster.query.upness;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.util.List;

/// The names of the series, and who asks for them.
final class UpnessNames {
    static final String HOST_UP = "muster_host_up";
    static final String UP = "muster_up";
    static final String HOST_STATE = "muster_host_state";
    static final String STATE = "muster_state";

    private static final List<String> ALL = List.of(HOST_UP, UP, HOST_STATE, STATE);

    private UpnessNames() {}

    /// Whether any of these series may match.
    static boolean may(List<LabelMatcher> matchers) {
        return ALL.stream().anyMatch(name -> matches(matchers, name));
    }

    /// Whether no other series can match.
    static boolean only(List<LabelMatcher> matchers) {
        return matchers.stream()
                .anyMatch(matcher ->
                        matcher instanceof LabelMatcher.Equal(var label, var value)
                                && label.equals(Labels.METRIC)
                                && ALL.contains(value));
    }

    /// Whether the matchers of the name hold for this one.
    static boolean matches(List<LabelMatcher> matchers, String name) {
        return matchers.stream()
                .filter(matcher -> matcher.name().equals(Labels.METRIC))
                .allMatch(matcher -> matcher.matches(name));
    }
}
