package dev.muster.agent.scrape.job;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An answer as received, inflated. Immutable.
public final class HttpAnswer {
    private final int status;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final byte[] body;

    /// @param headers the first value of each
    /// @param body becomes the answer's
    public HttpAnswer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers.putAll(headers);
        this.body = body;
    }

    public int status() {
        return status;
    }

    /// The header of that name in any case; empty where there is none.
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /// The media type without parameters, in lower case; empty where there is none.
    public String mediaType() {
        String type = header("Content-Type");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /// Not to be written to.
    public byte[] body() {
        return body;
    }
}
