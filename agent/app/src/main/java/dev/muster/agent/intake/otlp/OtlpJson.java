package dev.muster.agent.intake.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a request in JSON as protobuf, so that there is one reader for both. Fields that are not
/// known are passed over.
final class OtlpJson {
    private static final int DEPTH_LIMIT = 32;

    private enum Kind {
        TEXT,
        BASE64,
        HEX,
        VARINT,
        ZIG_ZAG,
        BOOL,
        FIXED64,
        REAL,
        MESSAGE
    }

    private record Field(int number, Kind kind, String message) {}

    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, Map<String, Field>> MESSAGES = new HashMap<>();

    static {
        message("request", "resourceMetrics 1 resourceMetrics");
        message("resourceMetrics", "resource 1 resource", "scopeMetrics 2 scopeMetrics");
        message("resource", "attributes 1 pair");
        message("scopeMetrics", "metrics 2 metric");
        message(
                "metric",
                "name 1 TEXT",
                "description 2 TEXT",
                "unit 3 TEXT",
                "gauge 5 numbers",
                "sum 7 numbers",
                "histogram 9 histograms",
                "exponentialHistogram 10 exponentials",
                "summary 11 summaries");
        message(
                "numbers",
                "dataPoints 1 number",
                "aggregationTemporality 2 VARINT",
                "isMonotonic 3 BOOL");
        message("histograms", "dataPoints 1 histogram", "aggregationTemporality 2 VARINT");
        message("exponentials", "dataPoints 1 exponential", "aggregationTemporality 2 VARINT");
        message("summaries", "dataPoints 1 summary");
        message(
                "number",
                "attributes 7 pair",
                "startTimeUnixNano 2 FIXED64",
                "timeUnixNano 3 FIXED64",
                "asDouble 4 REAL",
                "asInt 6 FIXED64",
                "exemplars 5 exemplar",
                "flags 8 VARINT");
        message(
                "histogram",
                "attributes 9 pair",
                "startTimeUnixNano 2 FIXED64",
                "timeUnixNano 3 FIXED64",
                "count 4 FIXED64",
                "sum 5 REAL",
                "bucketCounts 6 FIXED64",
                "explicitBounds 7 REAL",
                "exemplars 8 exemplar",
                "flags 10 VARINT");
        message(
                "exponential",
                "attributes 1 pair",
                "startTimeUnixNano 2 FIXED64",
                "timeUnixNano 3 FIXED64",
                "count 4 FIXED64",
                "sum 5 REAL",
                "scale 6 ZIG_ZAG",
                "zeroCount 7 FIXED64",
                "positive 8 buckets",
                "negative 9 buckets",
                "flags 10 VARINT",
                "exemplars 11 exemplar",
                "zeroThreshold 14 REAL");
        message("buckets", "offset 1 ZIG_ZAG", "bucketCounts 2 VARINT");
        message(
                "summary",
                "attributes 7 pair",
                "startTimeUnixNano 2 FIXED64",
                "timeUnixNano 3 FIXED64",
                "count 4 FIXED64",
                "sum 5 REAL",
                "quantileValues 6 quantile",
                "flags 8 VARINT");
        message("quantile", "quantile 1 REAL", "value 2 REAL");
        message(
                "exemplar",
                "filteredAttributes 7 pair",
                "timeUnixNano 2 FIXED64",
                "asDouble 3 REAL",
                "asInt 6 FIXED64",
                "spanId 4 HEX",
                "traceId 5 HEX");
        message("pair", "key 1 TEXT", "value 2 any");
        message(
                "any",
                "stringValue 1 TEXT",
                "boolValue 2 BOOL",
                "intValue 3 VARINT",
                "doubleValue 4 REAL",
                "arrayValue 5 array",
                "kvlistValue 6 list",
                "bytesValue 7 BASE64");
        message("array", "values 1 any");
        message("list", "values 1 pair");
    }

    private OtlpJson() {}

    private static void message(String name, String... fields) {
        Map<String, Field> byName = new HashMap<>();
        for (String field : fields) {
            String[] parts = field.split(" ", -1);
            Kind kind = Kind.MESSAGE;
            for (Kind each : Kind.values()) {
                kind = each.name().equals(parts[2]) ? each : kind;
            }
            byName.put(parts[0], new Field(Integer.parseInt(parts[1]), kind, parts[2]));
        }
        MESSAGES.put(name, byName);
    }

    /// @throws IOException if it is no JSON, or a field has a value of the wrong kind
    static byte[] protobuf(byte[] bytes, int length) throws IOException {
        try (JsonParser in = JSON.createParser(bytes, 0, length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("request must be a JSON object");
            }
            byte[] request = object(in, "request", 0);
            if (in.nextToken() != null) {
                throw new IOException("request must be one JSON object");
            }
            return request;
        } catch (IllegalArgumentException e) {
            throw new IOException("value must be of its kind: " + e.getMessage(), e);
        }
    }

    private static byte[] object(JsonParser in, String message, int depth) throws IOException {
        if (depth > DEPTH_LIMIT) {
            throw new IOException("request must have at most levels=" + DEPTH_LIMIT);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, Field> fields = MESSAGES.getOrDefault(message, Map.of());
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            @Nullable Field field = fields.get(in.currentName());
            JsonToken token = in.nextToken();
            if (field == null || token == JsonToken.VALUE_NULL) {
                in.skipChildren();
            } else if (token == JsonToken.START_ARRAY) {
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    value(in, field, depth, out);
                }
            } else {
                value(in, field, depth, out);
            }
        }
        return out.toByteArray();
    }

    private static void value(JsonParser in, Field field, int depth, ByteArrayOutputStream out)
            throws IOException {
        switch (field.kind()) {
            case MESSAGE -> {
                if (in.currentToken() != JsonToken.START_OBJECT) {
                    throw new IOException("field must be an object: " + in.currentName());
                }
                bytes(out, field.number(), object(in, field.message(), depth + 1));
            }
            case TEXT -> bytes(out, field.number(), text(in).getBytes(StandardCharsets.UTF_8));
            case BASE64 -> bytes(out, field.number(), Base64.getDecoder().decode(text(in)));
            case HEX -> bytes(out, field.number(), HexFormat.of().parseHex(text(in)));
            case VARINT -> {
                varint(out, (long) field.number() << 3);
                varint(out, whole(in));
            }
            case ZIG_ZAG -> {
                varint(out, (long) field.number() << 3);
                varint(out, (whole(in) << 1) ^ (whole(in) >> 63));
            }
            case BOOL -> {
                varint(out, (long) field.number() << 3);
                varint(out, in.getBooleanValue() ? 1 : 0);
            }
            case FIXED64 -> fixed(out, field.number(), whole(in));
            case REAL -> fixed(out, field.number(), Double.doubleToRawLongBits(real(in)));
        }
    }

    private static String text(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw new IOException("field must be a text: " + in.currentName());
        }
        return in.getText();
    }

    private static long whole(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            return in.getLongValue();
        }
        String text = in.getText();
        return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }

    private static double real(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            return in.getDoubleValue();
        }
        String text = in.getText();
        if (text.length() > 64) {
            throw new IOException("number must have at most 64 characters");
        }
        return Double.parseDouble(text);
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
        varint(out, ((long) field << 3) | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void fixed(ByteArrayOutputStream out, int field, long value) {
        varint(out, ((long) field << 3) | 1);
        for (int i = 0; i < Long.BYTES; i++) {
            out.write((int) (value >>> (8 * i)));
        }
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
