package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line such as `metric{a="b"} 1+1x4 _ stale` of a test script.
///
/// @param startTimestamps whether the values are start times (`metric@st`): milliseconds from the
///   time of the sample
record SeriesLine(Labels labels, boolean startTimestamps, List<Value> values) {
    private static final String NUMBER =
            "(?:(?:\\d[\\d_]*(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?|[Ii]nf|[Nn]a[Nn])";
    private static final Pattern ITEM =
            Pattern.compile("([-+]?" + NUMBER + ")([-+]" + NUMBER + ")?(?:x(\\d+))?");

    private static final String DURATION = "0|(?:\\d+(?:ms|[smhdwy]))+";
    private static final Pattern START =
            Pattern.compile("([-+]?(?:" + DURATION + "))([-+](?:" + DURATION + "))?(?:x(\\d+))?");

    /// One value of a series.
    sealed interface Value {
        record Float(double value) implements Value {}

        /// No sample.
        record Omitted() implements Value {}

        /// A native histogram.
        ///
        /// @param resetGiven whether the script says something of resets
        record Histogram(NativeHistogram histogram, boolean resetGiven) implements Value {}
    }

    static SeriesLine parse(String line) throws QueryException {
        int end = endOfMetric(line);
        String metric = line.substring(0, end).strip();
        String rest = line.substring(end);
        boolean startTimestamps = rest.startsWith("@st");
        Labels labels = metric.isEmpty() ? Labels.EMPTY : labels(metric);
        return new SeriesLine(
                labels,
                startTimestamps,
                startTimestamps ? starts(rest.substring(3)) : values(rest));
    }

    private static int endOfMetric(String line) {
        int i = 0;
        while (i < line.length() && isNameChar(line.charAt(i))) {
            i++;
        }
        int brace = i;
        while (brace < line.length() && Lexer.isSpace(line.charAt(brace))) {
            brace++;
        }
        if (brace < line.length() && line.charAt(brace) == '{' && !line.startsWith("{{", brace)) {
            i = endOfBraces(line, brace);
        }
        return i;
    }

    private static int endOfBraces(String line, int from) {
        char quote = 0;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'' || c == '`') {
                quote = c;
            } else if (c == '}') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("braces must be closed: line=" + line);
    }

    private static boolean isNameChar(char c) {
        return c == '_' || c == ':' || Character.isLetterOrDigit(c);
    }

    private static Labels labels(String metric) throws QueryException {
        Labels.Builder labels = Labels.builder();
        for (LabelMatcher matcher : PromQl.parseSelector(metric)) {
            if (!(matcher instanceof LabelMatcher.Equal(var name, var value))) {
                throw new IllegalArgumentException("labels must use '=': metric=" + metric);
            }
            labels.set(name, value);
        }
        return labels.build();
    }

    private static List<Value> starts(String text) {
        List<Value> values = new ArrayList<>();
        for (String item : text.strip().split("\\s+", -1)) {
            Matcher matcher = START.matcher(item);
            if (item.startsWith("_")) {
                add(values, new Value.Omitted(), item.equals("_") ? 1 : count(item, 2));
            } else if (matcher.matches()) {
                double offset = signedMs(matcher.group(1));
                double step = matcher.group(2) == null ? 0 : signedMs(matcher.group(2));
                int more = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
                for (int i = 0; i <= more; i++) {
                    values.add(new Value.Float(offset + i * step));
                }
            } else {
                throw new IllegalArgumentException("start must be known: item=" + item);
            }
        }
        return values;
    }

    private static double signedMs(String text) {
        String plain = text.replaceFirst("^[-+]", "");
        double ms = plain.equals("0") ? 0 : DurationText.parseMs(plain);
        return text.startsWith("-") ? -ms : ms;
    }

    private static List<Value> values(String text) {
        List<Value> values = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            if (Lexer.isSpace(text.charAt(i))) {
                i++;
                continue;
            }
            int end = endOfItem(text, i);
            item(text.substring(i, end), values);
            i = end;
        }
        return values;
    }

    private static int endOfItem(String text, int from) {
        int i = from;
        boolean inHistogram = false;
        while (i < text.length() && (inHistogram || !Lexer.isSpace(text.charAt(i)))) {
            if (text.startsWith("{{", i)) {
                inHistogram = true;
            } else if (text.startsWith("}}", i)) {
                inHistogram = false;
                i++;
            }
            i++;
        }
        return i;
    }

    private static void item(String item, List<Value> values) {
        if (item.startsWith("{{")) {
            values.addAll(HistogramItem.parse(item));
        } else if (item.startsWith("_")) {
            add(values, new Value.Omitted(), item.equals("_") ? 1 : count(item, 2));
        } else if (item.equals("stale")) {
            values.add(new Value.Float(Staleness.STALE));
        } else {
            number(item, values);
        }
    }

    private static int count(String item, int from) {
        return Integer.parseInt(item.substring(from));
    }

    private static void add(List<Value> values, Value value, int count) {
        for (int i = 0; i < count; i++) {
            values.add(value);
        }
    }

    private static void number(String item, List<Value> values) {
        Matcher matcher = ITEM.matcher(item);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("value must be known: item=" + item);
        }
        double value = signed(matcher.group(1));
        double step = matcher.group(2) == null ? 0 : signed(matcher.group(2));
        int more = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        for (int i = 0; i <= more; i++) {
            values.add(new Value.Float(value));
            value += step;
        }
    }

    private static double signed(String text) {
        double sign = text.startsWith("-") ? -1 : 1;
        return sign * Numbers.parse(text.replaceFirst("^[-+]", ""));
    }
}
