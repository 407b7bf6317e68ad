package dev.muster.promql;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelPattern;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Evaluates `label_replace` and `label_join`, which change the labels of series and leave their
/// values alone.
final class LabelFunction {
    /// Most characters of a label value that is made here.
    private static final int VALUE_LIMIT = 64 << 10;

    private final Evaluation evaluation;
    private final Expr.Call call;
    private final Steps steps;

    LabelFunction(Evaluation evaluation, Expr.Call call, Steps steps) {
        this.evaluation = evaluation;
        this.call = call;
        this.steps = steps;
    }

    /// New labels of a series.
    @FunctionalInterface
    private interface Change {
        /// @return null if the labels stay as they are
        @Nullable Labels apply(Labels labels) throws QueryException;
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        boolean replace = call.function() == Function.LABEL_REPLACE;
        Change change = replace ? replace() : join();
        boolean names = text(1).equals(Labels.METRIC);
        SeriesMerge merge = new SeriesMerge(evaluation.run().budget());
        evaluation.vector(
                call.arguments().getFirst(),
                steps,
                (labels, dropName, column) -> {
                    Labels changed = change.apply(labels);
                    if (changed == null) {
                        merge.accept(labels, dropName, column);
                    } else {
                        // A name given on purpose stays.
                        merge.accept(changed, dropName && !names, column);
                    }
                });
        merge.flush(sink);
    }

    private String text(int index) {
        if (call.arguments().get(index) instanceof Expr.StringLiteral literal) {
            return literal.value();
        }
        throw new IllegalStateException("argument must be a string: index=" + index);
    }

    /// Yields null for labels that do not match.
    private Change replace() throws QueryException {
        String target = text(1);
        String replacement = text(2);
        String source = text(3);
        String regex = text(4);
        Pattern pattern;
        try {
            LabelPattern.checkedSize(regex);
            pattern = Pattern.compile("^(?s:" + regex + ")$");
        } catch (PatternSyntaxException | InvalidPatternException e) {
            throw QueryException.execution(
                    "invalid regular expression in label_replace(): " + regex);
        }
        checkName(target, "destination");
        return labels -> {
            Matcher matcher = pattern.matcher(labels.valueOf(source));
            if (!matcher.find()) {
                return null;
            }
            String value = checkedLength(Template.expand(replacement, matcher));
            return labels.toBuilder().set(target, value).build();
        };
    }

    private Change join() throws QueryException {
        String target = text(1);
        String separator = text(2);
        List<String> sources =
                call.arguments().stream()
                        .skip(3)
                        .map(argument -> ((Expr.StringLiteral) argument).value())
                        .toList();
        for (String source : sources) {
            checkName(source, "source");
        }
        checkName(target, "destination");
        return labels -> {
            String value =
                    checkedLength(
                            String.join(separator, sources.stream().map(labels::valueOf).toList()));
            return labels.toBuilder().set(target, value).build();
        };
    }

    /// Functions in one another would else make a value of any length.
    private static String checkedLength(String value) throws QueryException {
        if (value.length() > VALUE_LIMIT) {
            throw new QueryException(
                    QueryException.Kind.LIMIT,
                    "label value must not be longer: limit="
                            + VALUE_LIMIT
                            + ", found="
                            + value.length());
        }
        return value;
    }

    private void checkName(String name, String role) throws QueryException {
        if (!StringText.isLabelName(name)) {
            throw QueryException.execution(
                    "invalid " + role + " label name in " + call.function().text() + "(): " + name);
        }
    }

    /// Replacement texts with `$1`, `${1}`, `$name` and `$$`, as Go expands them.
    private static final class Template {
        private Template() {}

        static String expand(String template, Matcher matcher) {
            StringBuilder result = new StringBuilder();
            int i = 0;
            while (i < template.length()) {
                char c = template.charAt(i);
                if (c != '$' || i + 1 == template.length()) {
                    result.append(c);
                    i++;
                } else if (template.charAt(i + 1) == '$') {
                    result.append('$');
                    i += 2;
                } else {
                    i = reference(template, i, matcher, result);
                }
            }
            return result.toString();
        }

        private static int reference(
                String template, int at, Matcher matcher, StringBuilder result) {
            boolean braced = template.charAt(at + 1) == '{';
            int start = braced ? at + 2 : at + 1;
            int end = start;
            while (end < template.length() && isWord(template.charAt(end))) {
                end++;
            }
            boolean closed = !braced || (end < template.length() && template.charAt(end) == '}');
            if (end == start || !closed) {
                result.append('$');
                return at + 1;
            }
            result.append(group(template.substring(start, end), matcher));
            return braced ? end + 1 : end;
        }

        private static String group(String name, Matcher matcher) {
            try {
                boolean number = name.chars().allMatch(c -> c >= '0' && c <= '9');
                if (!number) {
                    String value = matcher.group(name);
                    return value == null ? "" : value;
                }
                int index = Integer.parseInt(name);
                String value = index <= matcher.groupCount() ? matcher.group(index) : null;
                return value == null ? "" : value;
            } catch (IllegalArgumentException e) {
                return "";
            }
        }

        private static boolean isWord(char c) {
            return c == '_' || Character.isLetterOrDigit(c);
        }
    }
}
