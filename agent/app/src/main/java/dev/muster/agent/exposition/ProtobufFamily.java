package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields of a `MetricFamily` but its metrics. Reused; owned by a [ProtobufReader].
final class ProtobufFamily {
    private static final int NAME = 1;
    private static final int HELP = 2;
    private static final int TYPE = 3;
    private static final int METRIC = 4;
    private static final int UNIT = 5;

    /// By their numbers in `io.prometheus.client.MetricType`.
    private static final MetricType[] TYPES = {
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.SUMMARY,
        MetricType.UNKNOWN,
        MetricType.HISTOGRAM,
        MetricType.GAUGE_HISTOGRAM
    };

    private final ExpositionLimits limits;
    private byte[] body = new byte[0];

    /// The message in the body.
    int start;

    int stop;

    int nameStart;
    int nameEnd;
    private int helpStart;
    private int helpEnd;
    private int unitStart;
    private int unitEnd;
    private long typeNumber;
    MetricType type = MetricType.UNKNOWN;
    private @Nullable MetricMetadata made;

    ProtobufFamily(ExpositionLimits limits) {
        this.limits = limits;
    }

    void reset(byte[] body) {
        this.body = body;
        clear();
    }

    private void clear() {
        nameStart = 0;
        nameEnd = 0;
        helpStart = 0;
        helpEnd = 0;
        unitStart = 0;
        unitEnd = 0;
        typeNumber = 0;
        made = null;
    }

    /// Reads the whole message, stepping over metrics.
    ///
    /// @return false if it has no metric
    boolean read(WireReader in) throws ExpositionException {
        clear();
        start = in.at;
        stop = in.end;
        boolean hasMetric = false;
        while (in.next()) {
            switch (in.field) {
                case NAME -> {
                    in.content();
                    nameStart = in.start;
                    nameEnd = in.stop;
                }
                case HELP -> {
                    in.content();
                    helpStart = in.start;
                    helpEnd = in.stop;
                }
                case TYPE -> typeNumber = in.number();
                case METRIC -> {
                    in.content();
                    hasMetric = true;
                }
                case UNIT -> {
                    in.content();
                    unitStart = in.start;
                    unitEnd = in.stop;
                }
                default -> in.skip();
            }
        }
        if (hasMetric) {
            check();
        }
        return hasMetric;
    }

    /// To the next metric of the message.
    static boolean nextMetric(WireReader in) throws ExpositionException {
        while (in.next()) {
            if (in.field == METRIC) {
                in.content();
                return true;
            }
            in.skip();
        }
        return false;
    }

    private void check() throws ExpositionException {
        if (nameStart == nameEnd) {
            throw new ExpositionException(start, "family must have a name", "");
        }
        text("name", nameStart, nameEnd, limits.nameLength());
        text("help text", helpStart, helpEnd, limits.lineLength());
        text("unit", unitStart, unitEnd, limits.nameLength());
        if (typeNumber < 0 || typeNumber >= TYPES.length) {
            throw new ExpositionException(
                    start,
                    "type of a family must be from 0 to 5: name="
                            + name()
                            + ", found="
                            + typeNumber,
                    "types are those of io.prometheus.client.MetricType");
        }
        type = TYPES[(int) typeNumber];
        if (unitStart < unitEnd) {
            checkUnit();
        }
    }

    private void text(String what, int from, int to, int limit) throws ExpositionException {
        if (to - from > limit) {
            throw new ExpositionException(
                    from,
                    what
                            + " of a family must be within its limit: limit="
                            + limit
                            + ", found="
                            + (to - from),
                    "the limit protects the agent");
        }
        int invalid = Utf8.firstInvalid(body, from, to);
        if (invalid < to) {
            throw new ExpositionException(
                    invalid,
                    what + " of a family must be UTF-8",
                    "encode texts as UTF-8; look for Latin-1");
        }
    }

    /// The unit ends the name, but for the `_total` of a counter.
    private void checkUnit() throws ExpositionException {
        int end = nameEnd;
        if (type == MetricType.COUNTER
                && end - nameStart > 6
                && Bytes.equal(body, end - 6, end, "_total")) {
            end -= 6;
        }
        int suffix = end - (unitEnd - unitStart);
        if (suffix <= nameStart
                || body[suffix - 1] != '_'
                || !Arrays.equals(body, suffix, end, body, unitStart, unitEnd)) {
            throw new ExpositionException(
                    unitStart,
                    "unit must be the end of the family's name after an underscore: name="
                            + name()
                            + ", unit="
                            + string(unitStart, unitEnd),
                    "name the family such as request_duration_seconds");
        }
    }

    String name() {
        return string(nameStart, nameEnd);
    }

    MetricMetadata metadata() {
        MetricMetadata result = made;
        if (result == null) {
            result =
                    new MetricMetadata(
                            type, string(unitStart, unitEnd), string(helpStart, helpEnd));
            made = result;
        }
        return result;
    }

    private String string(int from, int to) {
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }
}
