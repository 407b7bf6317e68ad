package dev.muster.model.hint;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.LabelPattern;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a selector asks of metric names, as far as a [NameFilter] can answer: one of some names, or
/// any that begins in some way. Immutable.
public final class NameQuestion {
    private static final String SPECIAL = "\\.+*?()|[]{}^$";

    /// For each condition the entries of which one must be there.
    private final List<long[]> conditions;

    private NameQuestion(List<long[]> conditions) {
        this.conditions = conditions;
    }

    /// The question of these conditions, all of which must hold.
    public static NameQuestion of(List<LabelMatcher> matchers) {
        List<long[]> conditions = new ArrayList<>();
        for (LabelMatcher matcher : matchers) {
            long[] entries = matcher.name().equals(Labels.METRIC) ? entries(matcher) : null;
            if (entries != null) {
                conditions.add(entries);
            }
        }
        return new NameQuestion(conditions);
    }

    /// Null where a filter cannot tell.
    private static long @Nullable [] entries(LabelMatcher matcher) {
        return switch (matcher) {
            case LabelMatcher.Equal(_, var value) -> of(Set.of(value));
            case LabelMatcher.Regex(_, var pattern) -> of(pattern);
            case LabelMatcher.NotEqual _, LabelMatcher.NotRegex _ -> null;
        };
    }

    private static long @Nullable [] of(LabelPattern pattern) {
        Set<String> literals = pattern.literals();
        if (literals != null) {
            return of(literals);
        }
        String beginning = beginning(pattern.text());
        return beginning.isEmpty() ? null : new long[] {NameFilter.beginning(beginning)};
    }

    private static long @Nullable [] of(Set<String> names) {
        // no name at all is asked for too
        return names.contains("") ? null : names.stream().mapToLong(NameFilter::entry).toArray();
    }

    /// How every match begins, up to its second underscore at most; empty if it cannot be told.
    static String beginning(String pattern) {
        if (pattern.indexOf('|') >= 0) {
            return "";
        }
        int length = 0;
        while (length < pattern.length() && SPECIAL.indexOf(pattern.charAt(length)) < 0) {
            length++;
        }
        if (length < pattern.length() && "*?{".indexOf(pattern.charAt(length)) >= 0) {
            length--;
        }
        if (length <= 0) {
            return "";
        }
        String literal = pattern.substring(0, length);
        int first = literal.indexOf('_');
        int second = literal.indexOf('_', first + 1);
        return literal.substring(0, first < 0 ? 0 : 1 + Math.max(first, second));
    }

    /// Does it ask nothing that a filter can answer?
    public boolean isOpen() {
        return conditions.isEmpty();
    }

    /// May there be a match among the names of this filter?
    public boolean mayMatch(byte[] filter) {
        return conditions.stream()
                .allMatch(entries ->
                        Arrays.stream(entries)
                                .anyMatch(entry -> NameFilter.mayHold(filter, entry)));
    }
}
