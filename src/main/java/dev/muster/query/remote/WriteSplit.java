package dev.muster.query.remote;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Divides requests of remote write and OTLP among those who are to have them, by the origin of
/// each series. Series are passed on as the bytes that came.
///
/// @param <T> who is to have them
public final class WriteSplit<T> {
    private static final String JOB = "job";
    private static final String INSTANCE = "instance";
    private static final String RESOURCE_METRICS = "resourceMetrics";

    private final Function<String, T> owner;
    private final Map<T, WireWriter> parts = new LinkedHashMap<>();
    private final Map<T, Integer> counts = new LinkedHashMap<>();

    /// A part of a request.
    ///
    /// @param <T> who is to have it
    /// @param to who is to have it
    /// @param series how many series, or resources, are in it
    /// @param body not packed; owned by who takes it
    public record Part<T>(T to, int series, Body body) {}

    /// Bytes of a request. Owns them.
    public static final class Body {
        private final byte[] bytes;

        private Body(byte[] bytes) {
            this.bytes = bytes;
        }

        /// The bytes themselves.
        public byte[] bytes() {
            return bytes;
        }
    }

    /// @param owner says of an origin who is to have its series
    public WriteSplit(Function<String, T> owner) {
        this.owner = owner;
    }

    /// Divides a request of remote write 1.0.
    ///
    /// @throws WireFormatException if it is none
    public List<Part<T>> version1(byte[] request) throws WireFormatException {
        WireReader reader = new WireReader(request);
        WireWriter shared = new WireWriter();
        while (reader.next()) {
            byte[] content = reader.copy();
            if (reader.field() == 1) {
                add(origin1(content), 1, content);
            } else {
                shared.bytes(reader.field(), content, content.length);
            }
        }
        return parts(shared);
    }

    private static String origin1(byte[] series) throws WireFormatException {
        WireReader reader = new WireReader(series);
        String job = "";
        String instance = "";
        while (reader.next()) {
            if (reader.field() != 1) {
                reader.skip();
                continue;
            }
            Pair label = pair(reader.message());
            job = label.name.equals(JOB) ? label.text : job;
            instance = label.name.equals(INSTANCE) ? label.text : instance;
        }
        return origin(job, instance);
    }

    private record Pair(String name, String text) {}

    private static Pair pair(WireReader label) throws WireFormatException {
        String name = "";
        String text = "";
        while (label.next()) {
            switch (label.field()) {
                case 1 -> name = label.text();
                case 2 -> text = label.text();
                default -> label.skip();
            }
        }
        return new Pair(name, text);
    }

    /// Divides a request of remote write 2.0: every part has all symbols.
    ///
    /// @throws WireFormatException if it is none
    public List<Part<T>> version2(byte[] request) throws WireFormatException {
        List<String> symbols = new ArrayList<>();
        List<byte[]> series = new ArrayList<>();
        WireWriter shared = new WireWriter();
        WireReader reader = new WireReader(request);
        while (reader.next()) {
            byte[] content = reader.copy();
            switch (reader.field()) {
                case 4 -> {
                    symbols.add(new String(content, StandardCharsets.UTF_8));
                    shared.bytes(4, content, content.length);
                }
                case 5 -> series.add(content);
                default -> shared.bytes(reader.field(), content, content.length);
            }
        }
        for (byte[] one : series) {
            add(origin2(one, symbols), 5, one);
        }
        return parts(shared);
    }

    private static String origin2(byte[] series, List<String> symbols) throws WireFormatException {
        WireReader reader = new WireReader(series);
        List<Long> refs = new ArrayList<>();
        while (reader.next()) {
            if (reader.field() != 1) {
                reader.skip();
            } else if (reader.isBytes()) {
                WireReader packed = reader.message();
                while (!packed.atEnd()) {
                    refs.add(packed.varint());
                }
            } else {
                refs.add(reader.number());
            }
        }
        String job = "";
        String instance = "";
        for (int i = 0; i + 1 < refs.size(); i += 2) {
            String name = symbol(symbols, refs.get(i));
            job = name.equals(JOB) ? symbol(symbols, refs.get(i + 1)) : job;
            instance = name.equals(INSTANCE) ? symbol(symbols, refs.get(i + 1)) : instance;
        }
        return origin(job, instance);
    }

    private static String symbol(List<String> symbols, long ref) throws WireFormatException {
        if (ref < 0 || ref >= symbols.size()) {
            throw new WireFormatException(
                    "labels must refer to symbols: found=" + ref + ", symbols=" + symbols.size());
        }
        return symbols.get((int) ref);
    }

    /// Divides an export request of OTLP by its resources.
    ///
    /// @throws WireFormatException if it is none
    public List<Part<T>> otlp(byte[] request) throws WireFormatException {
        WireReader reader = new WireReader(request);
        while (reader.next()) {
            byte[] content = reader.copy();
            if (reader.field() == 1) {
                add(resource(content), 1, content);
            }
        }
        return parts(new WireWriter());
    }

    /// Divides an export request of OTLP in JSON by its resources.
    ///
    /// @throws WireFormatException if it is none
    public List<Part<T>> otlpJson(byte[] request) throws WireFormatException {
        Map<T, JsonArray> divided = new LinkedHashMap<>();
        try {
            JsonArray all =
                    new JsonObject(Buffer.buffer(request))
                            .getJsonArray(RESOURCE_METRICS, new JsonArray());
            for (int i = 0; i < all.size(); i++) {
                JsonObject metrics = all.getJsonObject(i);
                T to = owner.apply(resource(metrics));
                divided.computeIfAbsent(to, _ -> new JsonArray()).add(metrics);
            }
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            throw new WireFormatException("request must be JSON as OTLP has it: found=" + e);
        }
        List<Part<T>> parts = new ArrayList<>();
        divided.forEach((to, metrics) -> {
            Buffer body = new JsonObject().put(RESOURCE_METRICS, metrics).toBuffer();
            parts.add(new Part<>(to, metrics.size(), new Body(body.getBytes())));
        });
        return parts;
    }

    private static String resource(JsonObject metrics) {
        String namespace = "";
        String service = "";
        String instance = "";
        JsonArray attributes =
                metrics.getJsonObject("resource", new JsonObject())
                        .getJsonArray("attributes", new JsonArray());
        for (int i = 0; i < attributes.size(); i++) {
            JsonObject attribute = attributes.getJsonObject(i);
            Object said =
                    attribute.getJsonObject("value", new JsonObject()).getValue("stringValue");
            String text = said instanceof String string ? string : "";
            switch (attribute.getString("key", "")) {
                case "service.namespace" -> namespace = text + "/";
                case "service.name" -> service = text;
                case "service.instance.id" -> instance = text;
                default -> {}
            }
        }
        return origin(namespace + service, instance);
    }

    private static String resource(byte[] metrics) throws WireFormatException {
        String namespace = "";
        String service = "";
        String instance = "";
        WireReader reader = new WireReader(metrics);
        while (reader.next()) {
            if (reader.field() != 1) {
                reader.skip();
                continue;
            }
            WireReader resource = reader.message();
            while (resource.next()) {
                if (resource.field() != 1) {
                    resource.skip();
                    continue;
                }
                Pair attribute = attribute(resource.message());
                switch (attribute.name) {
                    case "service.namespace" -> namespace = attribute.text + "/";
                    case "service.name" -> service = attribute.text;
                    case "service.instance.id" -> instance = attribute.text;
                    default -> {}
                }
            }
        }
        return origin(namespace + service, instance);
    }

    private static Pair attribute(WireReader attribute) throws WireFormatException {
        String name = "";
        String text = "";
        while (attribute.next()) {
            if (attribute.field() == 1) {
                name = attribute.text();
            } else if (attribute.field() == 2) {
                WireReader value = attribute.message();
                while (value.next()) {
                    if (value.field() == 1) {
                        text = value.text();
                    } else {
                        value.skip();
                    }
                }
            } else {
                attribute.skip();
            }
        }
        return new Pair(name, text);
    }

    private static String origin(String job, String instance) {
        return job + '\0' + instance;
    }

    private void add(String origin, int field, byte[] content) {
        T to = owner.apply(origin);
        parts.computeIfAbsent(to, _ -> new WireWriter()).bytes(field, content, content.length);
        counts.merge(to, 1, Integer::sum);
    }

    /// @param shared what every part has, too
    private List<Part<T>> parts(WireWriter shared) {
        List<Part<T>> all = new ArrayList<>();
        parts.forEach((to, writer) -> {
            WireWriter body = new WireWriter();
            body.append(shared);
            body.append(writer);
            all.add(new Part<>(to, counts.getOrDefault(to, 0), new Body(body.toBytes())));
        });
        return all;
    }
}
