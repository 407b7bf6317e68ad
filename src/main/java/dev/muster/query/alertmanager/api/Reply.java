package dev.muster.query.alertmanager.api;

import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/// An answer of the API, or, thrown, one that ends a call.
final class Reply extends Exception {
    private final int status;
    private final @Nullable String body;

    private Reply(int status, @Nullable String body) {
        super("status " + status, null, false, false);
        this.status = status;
        this.body = body;
    }

    /// An answer with JSON.
    static Reply of(Object json) {
        return new Reply(200, Json.encode(json));
    }

    /// An answer without a body.
    static Reply empty(int status) {
        return new Reply(status, null);
    }

    /// An error as Alertmanager tells it: a text.
    static Reply error(int status, @Nullable String message) {
        return new Reply(status, Json.encode(String.valueOf(message)));
    }

    /// An error in what was sent, as the framework of Alertmanager's API tells it.
    static Reply invalid(int status, int code, String message) {
        return new Reply(
                status,
                new io.vertx.core.json.JsonObject()
                        .put("code", code)
                        .put("message", message)
                        .encode());
    }

    int status() {
        return status;
    }

    @Nullable String body() {
        return body;
    }
}
