package dev.muster.query.receivers.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A request to a receiver.
///
/// @param headers by name, beside those of the settings
/// @param timeout longest time until the answer is there whole
public record Call(
        String method, URI url, SortedMap<String, String> headers, String body, Duration timeout) {
    /// Longest time where a receiver says nothing of it.
    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    private static final String JSON = "application/json";

    public Call {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("call must have a timeout: timeout=" + timeout);
        }
    }

    /// JSON that is posted.
    public static Call json(URI url, String body) {
        return new Call(
                "POST", url, new TreeMap<>(Map.of("Content-Type", JSON)), body, USUAL_TIMEOUT);
    }

    /// A form that is posted.
    public static Call form(URI url, String body) {
        String type = "application/x-www-form-urlencoded";
        return new Call(
                "POST", url, new TreeMap<>(Map.of("Content-Type", type)), body, USUAL_TIMEOUT);
    }

    /// The same by another method.
    public Call by(String other) {
        return new Call(other, url, headers, body, timeout);
    }

    /// The same with one more header.
    public Call with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Call(method, url, more, body, timeout);
    }

    /// The same within another time, unless that is zero.
    public Call within(Duration other) {
        return other.isPositive() ? new Call(method, url, headers, body, other) : this;
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
