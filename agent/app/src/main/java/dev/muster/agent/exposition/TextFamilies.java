package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Families of a text body with labels added.
final class TextFamilies {
    /*
     * The parser gives samples; the comments between two of them are read here, as they count for
     * samples anywhere behind them and not only for those that follow at once.
     */
    private static final String TYPE_HINT =
            "a family has one line # TYPE, and that before its samples";

    private final boolean prometheus;
    private final byte[] body;
    private final int length;
    private final Labels added;
    private final long startMs;
    private final ExpositionParser parser;
    private final Map<String, TextFamily> families = new LinkedHashMap<>();
    private boolean hasTimestamps;
    private long sizeBytes;
    private String repeated = "";

    TextFamilies(ExpositionFormat format, byte[] body, int length, Labels added, long startMs) {
        this.startMs = startMs;
        prometheus = format == ExpositionFormat.PROMETHEUS_TEXT;
        this.body = body;
        this.length = length;
        this.added = added;
        parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        parser.reset(format, body, length);
    }

    EncodedBody read(long limitBytes) throws ExpositionException {
        if (prometheus && length > 0 && body[length - 1] != '\n') {
            throw refuse(length, "body must end with a line feed", "is the body cut short?");
        }
        int gap = 0;
        while (parser.next()) {
            if (prometheus) {
                comments(gap, parser.keyStart());
            }
            gap = parser.valueEnd();
            sample();
            if (sizeBytes > limitBytes) {
                return EncodedBody.TOO_LARGE;
            }
        }
        if (prometheus) {
            comments(gap, length);
        }
        List<EncodedFamily> encoded = new ArrayList<>();
        for (TextFamily family : families.values()) {
            if (family.hasSamples()) {
                encoded.add(family.encode());
                if (repeated.isEmpty()) {
                    repeated = family.repeated();
                }
            }
        }
        return new EncodedBody(encoded, hasTimestamps, false, repeated);
    }

    private void sample() throws ExpositionException {
        Labels labels = parser.labels();
        hasTimestamps |= parser.hasTimestamp();
        String name = labels.metric();
        TextFamily family;
        if (prometheus) {
            family = known(name);
        } else {
            MetricMetadata metadata = parser.metadata();
            if (name.endsWith("_created") && hasStart(metadata.type())) {
                // said by the samples it is about
                return;
            }
            family = declared(base(name, metadata.type()), metadata);
        }
        long start = parser.startMs() == 0 ? startMs : parser.startMs();
        long before = family.sizeBytes();
        boolean right = family.add(labels, parser.value(), start);
        sizeBytes += family.sizeBytes() - before;
        if (!right) {
            throw refuse(
                    parser.keyStart(),
                    "sample must be one of its family's type: name="
                            + name
                            + ", type="
                            + family.type().text(),
                    "a histogram has _bucket with le, _sum and _count; a summary quantile, _sum"
                            + " and _count");
        }
    }

    private static boolean hasStart(MetricType type) {
        return type == MetricType.COUNTER
                || type == MetricType.HISTOGRAM
                || type == MetricType.SUMMARY;
    }

    /// The family of a sample: one of that name, or a histogram or summary whose part it is.
    private TextFamily known(String name) {
        @Nullable TextFamily family = families.get(name);
        if (family == null) {
            family = whole(name, "_count");
        }
        if (family == null) {
            family = whole(name, "_sum");
        }
        if (family == null) {
            family = whole(name, "_bucket");
        }
        if (family == null) {
            family = new TextFamily(name, added);
            families.put(name, family);
        }
        return family;
    }

    private @Nullable TextFamily whole(String name, String suffix) {
        if (!name.endsWith(suffix)) {
            return null;
        }
        @Nullable TextFamily family =
                families.get(name.substring(0, name.length() - suffix.length()));
        return family != null && family.hasPart(suffix) ? family : null;
    }

    private TextFamily declared(String name, MetricMetadata metadata) {
        @Nullable TextFamily family = families.get(name);
        if (family == null) {
            family = new TextFamily(name, added);
            // a gauge histogram has no form in text that a scrape would take for one
            family.declare(
                    metadata.type() == MetricType.GAUGE_HISTOGRAM
                            ? MetricType.UNKNOWN
                            : metadata.type());
            family.help(metadata.help());
            families.put(name, family);
        }
        return family;
    }

    private static String base(String name, MetricType type) {
        for (String suffix : List.of("_bucket", "_count", "_sum")) {
            boolean part =
                    type == MetricType.HISTOGRAM
                            || (type == MetricType.SUMMARY && !suffix.equals("_bucket"));
            if (part && name.endsWith(suffix)) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }

    /// Reads the lines of comments that begin in the range, but for the rest of a sample's line.
    private void comments(int from, int to) throws ExpositionException {
        int at = from == 0 ? 0 : Bytes.lineEnd(body, from, length) + 1;
        while (at < to) {
            int lineEnd = Bytes.lineEnd(body, at, to);
            int hash = Bytes.blanksEnd(body, at, lineEnd);
            if (hash < lineEnd && body[hash] == '#') {
                comment(hash, lineEnd);
            }
            at = lineEnd + 1;
        }
    }

    private void comment(int hash, int lineEnd) throws ExpositionException {
        int word = Bytes.blanksEnd(body, hash + 1, lineEnd);
        int blank = word + 4;
        if (word == hash + 1 || blank >= lineEnd || !Bytes.isBlank(body[blank])) {
            return;
        }
        boolean type = Bytes.startsWith(body, word, lineEnd, "TYPE");
        if (!type && !Bytes.startsWith(body, word, lineEnd, "HELP")) {
            return;
        }
        int start = Bytes.blanksEnd(body, blank, lineEnd);
        boolean quoted = start < lineEnd && body[start] == '"';
        int nameEnd =
                quoted
                        ? Bytes.closingQuote(body, start + 1, lineEnd)
                        : Bytes.nameEnd(body, start, lineEnd);
        String name = LabelDecoder.text(body, quoted ? start + 1 : start, nameEnd);
        int rest = Math.min(lineEnd, (quoted ? nameEnd + 1 : nameEnd) + 1);
        String text = LabelDecoder.unescape(LabelDecoder.raw(body, rest, lineEnd), false);
        TextFamily family = families.computeIfAbsent(name, key -> new TextFamily(key, added));
        if (!type) {
            family.help(text);
        } else if (!family.declare(MetricType.of(text))) {
            throw refuse(
                    hash,
                    "type of a family must be told once, and before its samples: name=" + name,
                    TYPE_HINT);
        }
    }

    private ExpositionException refuse(int at, String rule, String hint) {
        int line = 1;
        int start = 0;
        for (int i = Bytes.lineEnd(body, 0, at); i < at; i = Bytes.lineEnd(body, i + 1, at)) {
            line++;
            start = i + 1;
        }
        return new ExpositionException(line, at - start + 1, at, rule, hint);
    }
}
