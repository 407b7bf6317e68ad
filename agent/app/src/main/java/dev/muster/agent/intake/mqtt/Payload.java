package dev.muster.agent.intake.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The numbers in a message: one as text, or those of a JSON object by the path to them.
///
/// @param values by name; the name of a number alone is empty
/// @param timestampMs when, Unix time; 0 where it does not say
record Payload(Map<String, Double> values, long timestampMs) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int FIELDS_LIMIT = 256;
    private static final int DEPTH_LIMIT = 8;
    private static final int NUMBER_LIMIT = 64;
    private static final Set<String> TIMES = Set.of("timestamp", "time", "ts");

    /// Bounds between what seconds, milliseconds, microseconds and nanoseconds of our time are.
    private static final double[] UNITS = {1e11, 1e14, 1e17};

    /// @return empty if there is no number
    static Optional<Payload> of(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        text = text.strip();
        if (text.startsWith("{")) {
            return json(text);
        }
        return number(text).map(value -> new Payload(Map.of("", value), 0));
    }

    private static Optional<Double> number(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on" -> {
                return Optional.of(1.0);
            }
            case "false", "off" -> {
                return Optional.of(0.0);
            }
            default -> {}
        }
        if (text.isEmpty() || text.length() > NUMBER_LIMIT) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Payload> json(String text) {
        Map<String, Double> values = new LinkedHashMap<>();
        long[] timeMs = new long[1];
        try (JsonParser in = JSON.createParser(text)) {
            in.nextToken();
            object(in, "", 0, values, timeMs);
        } catch (IOException e) {
            return Optional.empty();
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(new Payload(values, timeMs[0]));
    }

    private static void object(
            JsonParser in, String path, int depth, Map<String, Double> values, long[] timeMs)
            throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = path.isEmpty() ? in.currentName() : path + "_" + in.currentName();
            JsonToken token = in.nextToken();
            if (TIMES.contains(name) && token.isScalarValue()) {
                timeMs[0] = time(in, token);
            } else if (token == JsonToken.START_OBJECT && depth < DEPTH_LIMIT) {
                object(in, name, depth + 1, values, timeMs);
            } else if (token.isNumeric() && values.size() < FIELDS_LIMIT) {
                values.put(name, in.getDoubleValue());
            } else if (token.isBoolean() && values.size() < FIELDS_LIMIT) {
                values.put(name, token == JsonToken.VALUE_TRUE ? 1.0 : 0.0);
            } else {
                in.skipChildren();
            }
        }
    }

    private static long time(JsonParser in, JsonToken token) throws IOException {
        if (!token.isNumeric()) {
            try {
                return Instant.parse(in.getText()).toEpochMilli();
            } catch (DateTimeException | ArithmeticException e) {
                return 0;
            }
        }
        double time = in.getDoubleValue();
        double perMs = 1e-3;
        for (double bound : UNITS) {
            perMs *= time >= bound ? 1_000 : 1;
        }
        return (long) (time / perMs);
    }
}
