package dev.muster.agent.door;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Something pushed, whole and inflated. Valid until the handler returns; confined to its thread.
public final class PushRequest {
    private final String method;
    private final String path;
    private final Map<String, List<String>> parameters;
    private final Map<String, String> headers;
    private final boolean remote;
    private final byte[] bytes;
    private final int length;

    /// @param path as sent, percent signs and all
    /// @param parameters of the query, decoded
    /// @param headers by name in lower case
    /// @param remote does it come from another host?
    /// @param bytes the body; `length` of them
    public PushRequest(
            String method,
            String path,
            Map<String, List<String>> parameters,
            Map<String, String> headers,
            boolean remote,
            byte[] bytes,
            int length) {
        this.method = method;
        this.path = path;
        this.parameters = Map.copyOf(parameters);
        this.headers = Map.copyOf(headers);
        this.remote = remote;
        this.bytes = bytes;
        this.length = length;
    }

    public String method() {
        return method;
    }

    /// The path as it was sent: percent signs are not decoded.
    public String path() {
        return path;
    }

    /// The first value of a parameter of the query; empty if there is none.
    public String parameter(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    /// Is the parameter there, whatever its value?
    public boolean hasParameter(String name) {
        return parameters.containsKey(name);
    }

    /// The value of a header; empty if there is none.
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /// Does it come from another host?
    public boolean remote() {
        return remote;
    }

    /// The inflated body; [#length()] of them. Not to be kept or written to.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// The body as text.
    ///
    /// @throws PushRefusedException if it is not UTF-8
    public String text() throws PushRefusedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw PushRefusedException.bad("utf8", "body must be UTF-8: " + e.getMessage());
        }
    }
}
