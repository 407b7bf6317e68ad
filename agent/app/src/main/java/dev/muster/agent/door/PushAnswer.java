package dev.muster.agent.door;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What somebody who pushed is told. Immutable; owns its body.
public final class PushAnswer {
    private static final String CONTENT_TYPE = "Content-Type";

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private PushAnswer(int status, Map<String, String> headers, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599: status=" + status);
        }
        this.status = status;
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        this.body = body;
    }

    /// A status alone, such as 204.
    public static PushAnswer of(int status) {
        return new PushAnswer(status, Map.of(), new byte[0]);
    }

    /// One line of plain text.
    public static PushAnswer text(int status, String text) {
        return bytes(
                status,
                "text/plain; charset=utf-8",
                (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public static PushAnswer json(int status, String json) {
        return bytes(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /// @param body becomes the answer's
    public static PushAnswer bytes(int status, String contentType, byte[] body) {
        return new PushAnswer(status, Map.of(CONTENT_TYPE, contentType), body);
    }

    /// The same answer with one header more.
    public PushAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new PushAnswer(status, more, body);
    }

    public int status() {
        return status;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /// Not to be written to.
    public byte[] body() {
        return body;
    }

    /// The body as text.
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
