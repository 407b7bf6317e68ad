package dev.muster.query.receivers.http;

import dev.muster.query.receivers.settings.HttpSettings;
import dev.muster.query.receivers.settings.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Has tokens for a client's own credentials and keeps each while it holds. Thread-safe.
final class TokenSource implements AutoCloseable {
    private static final long MARGIN_SECONDS = 10;
    private static final long USUAL_SECONDS = 60;

    private final HttpSettings.OAuth2 settings;
    private final WebClient client;
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by the lock.
    private String token = "";

    /// Guarded by the lock.
    private long endNanos;

    TokenSource(HttpSettings.OAuth2 settings) throws IOException {
        this.settings = settings;
        client =
                new WebClient(
                        new HttpSettings(
                                Optional.of(
                                        new HttpSettings.Basic(
                                                Secret.of(settings.clientId()),
                                                settings.clientSecret())),
                                Optional.empty(),
                                Optional.empty(),
                                settings.tls(),
                                settings.proxy(),
                                true,
                                true,
                                Collections.emptySortedMap()));
    }

    String token() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (token.isEmpty() || endNanos - System.nanoTime() < 0) {
                fetch();
            }
            return token;
        } finally {
            lock.unlock();
        }
    }

    private void fetch() throws IOException, InterruptedException {
        Reply reply = client.send(Call.form(settings.tokenUrl(), form()));
        if (!reply.isGood()) {
            throw new IOException("oauth2 token must be given: status=" + reply.status());
        }
        try {
            JsonObject answer = new JsonObject(reply.body());
            token = answer.getString("access_token", "");
            long seconds = answer.getLong("expires_in", USUAL_SECONDS);
            endNanos =
                    System.nanoTime()
                            + Duration.ofSeconds(Math.max(1, seconds - MARGIN_SECONDS)).toNanos();
        } catch (DecodeException | ClassCastException _) {
            token = "";
        }
        if (token.isEmpty()) {
            throw new IOException("oauth2 answer must bear an access_token");
        }
    }

    private String form() {
        SortedMap<String, String> fields = new TreeMap<>(settings.parameters());
        fields.put("grant_type", "client_credentials");
        if (!settings.scopes().isEmpty()) {
            fields.put("scope", String.join(" ", settings.scopes()));
        }
        return fields.entrySet().stream().map(TokenSource::pair).collect(Collectors.joining("&"));
    }

    private static String pair(Map.Entry<String, String> field) {
        return URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
