package dev.muster.query.receivers.http;

import java.net.http.HttpHeaders;

/// An answer of a receiver.
///
/// @param body its beginning
public record Reply(int status, HttpHeaders headers, String body) {
    /// Whether it says that all is well.
    public boolean isGood() {
        return status / 100 == 2;
    }
}
