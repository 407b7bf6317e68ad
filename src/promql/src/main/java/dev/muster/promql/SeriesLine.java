package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Series in the notation of Prometheus' tests, such as `metric{a="b"} 1+1x4 _ stale`.
///
/// @param startTimestamps whether the values are start times (`metric@st`): milliseconds from the
///   time of the sample
public record SeriesLine(Labels labels, boolean startTimestamps, List<Value> values) {
    /// Most values of one line.
    static final int VALUES_LIMIT = 10_000_000;

    private static final Pattern REPEAT = Pattern.compile("_(?:x(\\d+))?");
    private static final String NUMBER =
            "(?:(?:\\d[\\d_]*(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?|[Ii]nf|[Nn]a[Nn])";
    private static final Pattern ITEM =
            Pattern.compile("([-+]?" + NUMBER + ")(?:([-+]" + NUMBER + ")?x(\\d+))?");

    private static final String DURATION = "0|(?:\\d+(?:ms|[smhdwy]))+";
    private static final Pattern START =
            Pattern.compile("([-+]?(?:" + DURATION + "))([-+](?:" + DURATION + "))?(?:x(\\d+))?");

    /// One value of a series.
    public sealed interface Value {
        /// A number, or the staleness marker.
        record Float(double value) implements Value {}

        /// No sample.
        record Omitted() implements Value {}

        /// A native histogram.
        ///
        /// @param resetGiven whether the script says something of resets
        record Histogram(NativeHistogram histogram, boolean resetGiven) implements Value {}
    }

    public SeriesLine {
        values = List.copyOf(values);
    }

    /// @throws QueryException of kind [QueryException.Kind#PARSE] that says what is wrong in it
    public static SeriesLine parse(String line) throws QueryException {
        try {
            int end = endOfMetric(line);
            Labels labels = metric(line.substring(0, end));
            String rest = line.substring(end);
            boolean startTimestamps = rest.startsWith("@st");
            return new SeriesLine(
                    labels,
                    startTimestamps,
                    startTimestamps ? starts(rest.substring(3)) : values(rest));
        } catch (IllegalArgumentException e) {
            throw new QueryException(
                    QueryException.Kind.PARSE, String.valueOf(e.getMessage()), null, e);
        }
    }

    /// The labels of a metric such as `up{job="a"}`; none for an empty text.
    ///
    /// @throws QueryException of kind [QueryException.Kind#PARSE] that says what is wrong in it
    public static Labels metric(String text) throws QueryException {
        String metric = text.strip();
        return metric.isEmpty() ? Labels.EMPTY : labels(metric);
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
                throw new QueryException(
                        QueryException.Kind.PARSE, "labels must use '=': metric=" + metric);
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
                omitted(item, values);
            } else if (matcher.matches()) {
                double offset = signedMs(matcher.group(1));
                double step = matcher.group(2) == null ? 0 : signedMs(matcher.group(2));
                int more = count(matcher.group(3), values, 0);
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
            HistogramItem.parse(item, values);
        } else if (item.startsWith("_")) {
            omitted(item, values);
        } else if (item.equals("stale")) {
            values.add(new Value.Float(Staleness.STALE));
        } else {
            number(item, values);
        }
    }

    /// A number of repetitions, within what `values` may still take.
    ///
    /// @param otherwise where none is given
    static int count(@Nullable String digits, List<Value> values, int otherwise) {
        if (digits == null) {
            return otherwise;
        }
        int room = VALUES_LIMIT - values.size();
        if (digits.length() > 9 || Integer.parseInt(digits) >= room) {
            throw new IllegalArgumentException(
                    "a series must have at most values=" + VALUES_LIMIT + ": found=x" + digits);
        }
        return Integer.parseInt(digits);
    }

    private static void omitted(String item, List<Value> values) {
        Matcher matcher = REPEAT.matcher(item);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("value must be known: item=" + item);
        }
        int count = count(matcher.group(1), values, 1);
        for (int i = 0; i < count; i++) {
            values.add(new Value.Omitted());
        }
    }

    private static void number(String item, List<Value> values) {
        Matcher matcher = ITEM.matcher(item);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("value must be known: item=" + item);
        }
        double value = signed(matcher.group(1));
        double step = matcher.group(2) == null ? 0 : signed(matcher.group(2));
        int more = count(matcher.group(3), values, 0);
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
