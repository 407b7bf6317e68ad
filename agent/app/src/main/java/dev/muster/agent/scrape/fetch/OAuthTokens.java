package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.HttpAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Tokens of OAuth 2 servers, kept until shortly before they end. All requests with the same
/// credentials share a token. Thread-safe.
final class OAuthTokens {
    private static final int ANSWER_BYTES_LIMIT = 1 << 20;
    private static final int ATTEMPTS_LIMIT = 3;
    private static final long PAUSE_MS = 100;

    /// A token is asked for anew so long before it ends.
    private static final long EARLY_SECONDS = 10;

    /// A server that gave no token is left alone for so long.
    private static final long REST_SECONDS = 5;

    private static final int CLIENTS_LIMIT = 1_000;

    private static final class Held {
        final ReentrantLock lock = new ReentrantLock();
        @Nullable String authorization;
        @Nullable FetchException failure;
        long untilNanos;
        boolean forever;
    }

    private final HttpExchanges exchanges;
    private final LongSupplier nanoTime;
    private final FetchMetrics metrics;
    private final Map<Credentials.OAuth2, Held> held = new ConcurrentHashMap<>();

    OAuthTokens(HttpExchanges exchanges, LongSupplier nanoTime, FetchMetrics metrics) {
        this.exchanges = exchanges;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    /// The value of the header `Authorization`; waits for the server if there is no token yet.
    ///
    /// @param timeoutMs of each request
    String authorization(Credentials.OAuth2 client, long timeoutMs)
            throws FetchException, InterruptedException {
        if (held.size() >= CLIENTS_LIMIT) {
            held.clear();
        }
        Held mine = held.computeIfAbsent(client, _ -> new Held());
        mine.lock.lockInterruptibly();
        try {
            boolean fresh = mine.forever || nanoTime.getAsLong() < mine.untilNanos;
            if (fresh && mine.authorization != null) {
                return mine.authorization;
            }
            if (fresh && mine.failure != null) {
                throw new FetchException(mine.failure.fault(), mine.failure.reason(), mine.failure);
            }
            return renew(client, mine, timeoutMs);
        } finally {
            mine.lock.unlock();
        }
    }

    /// A token was refused, so that the next request asks for another.
    void forget(Credentials.OAuth2 client) {
        held.remove(client);
    }

    private String renew(Credentials.OAuth2 client, Held mine, long timeoutMs)
            throws FetchException, InterruptedException {
        mine.authorization = null;
        mine.failure = null;
        mine.forever = false;
        try {
            JsonObject token = ask(client, timeoutMs);
            String type = token.getString("token_type", "Bearer");
            String authorization =
                    (type.equalsIgnoreCase("bearer") ? "Bearer" : type)
                            + " "
                            + token.getString("access_token");
            long seconds = seconds(token);
            mine.forever = seconds == 0;
            mine.untilNanos = after(Math.max(1, seconds - EARLY_SECONDS));
            mine.authorization = authorization;
            metrics.tokens.increment();
            return authorization;
        } catch (FetchException e) {
            mine.failure = e;
            mine.untilNanos = after(REST_SECONDS);
            metrics.tokenFailures.increment();
            throw e;
        }
    }

    private long after(long seconds) {
        return nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /// How long a token holds; 0 for no end. Some servers write the number as text.
    private static long seconds(JsonObject token) {
        @Nullable Object value = token.getValue("expires_in");
        return switch (value) {
            case Number number -> Math.max(0, number.longValue());
            case String text when text.matches("\\d{1,12}") -> Long.parseLong(text);
            case null, default -> 0;
        };
    }

    private JsonObject ask(Credentials.OAuth2 client, long timeoutMs)
            throws FetchException, InterruptedException {
        boolean inHeader = true;
        FetchException last = null;
        for (int attempt = 0; attempt < ATTEMPTS_LIMIT; attempt++) {
            if (attempt > 0) {
                metrics.tokenRetries.increment();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS << attempt);
            }
            HttpAnswer answer;
            try {
                answer = post(client, inHeader, timeoutMs);
            } catch (FetchException e) {
                last = new FetchException(FetchFault.CREDENTIALS, "oauth2: " + e.reason(), e);
                continue;
            }
            if (answer.status() == 200) {
                return token(answer);
            }
            last = refusal(answer);
            // servers differ in where they take the secret: the body is the other place
            inHeader = answer.status() >= 500 && inHeader;
        }
        throw last == null
                ? new FetchException(FetchFault.CREDENTIALS, "oauth2: no attempt was made")
                : last;
    }

    private static JsonObject token(HttpAnswer answer) throws FetchException {
        try {
            JsonObject json = new JsonObject(Buffer.buffer(answer.body()));
            if (json.getValue("access_token") instanceof String token
                    && token.chars().allMatch(c -> c > ' ' && c < 127)
                    && json.getValue("token_type", "Bearer") instanceof String type
                    && type.chars().allMatch(c -> c > ' ' && c < 127)) {
                return json;
            }
        } catch (DecodeException | ClassCastException e) {
            throw new FetchException(
                    FetchFault.CREDENTIALS, "oauth2: token endpoint must answer with JSON");
        }
        throw new FetchException(
                FetchFault.CREDENTIALS, "oauth2: answer must have an access_token: found=none");
    }

    /// The code of the error, but not the rest of the answer.
    private static FetchException refusal(HttpAnswer answer) {
        String code = "";
        try {
            if (new JsonObject(Buffer.buffer(answer.body())).getValue("error")
                    instanceof String error) {
                code = ", error=" + HttpReasons.shown(error);
            }
        } catch (DecodeException | ClassCastException e) {
            code = "";
        }
        return new FetchException(
                FetchFault.CREDENTIALS,
                "oauth2: token endpoint must answer with status 200: status="
                        + answer.status()
                        + code);
    }

    private HttpAnswer post(Credentials.OAuth2 client, boolean inHeader, long timeoutMs)
            throws FetchException, InterruptedException {
        String secret = AccessReader.reveal("oauth2", client.clientSecret());
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .set(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                        .set(HttpHeaders.ACCEPT, "application/json")
                        .set(HttpHeaders.USER_AGENT, HttpExchanges.USER_AGENT);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "client_credentials");
        if (!client.scopes().isEmpty()) {
            fields.put("scope", String.join(" ", client.scopes()));
        }
        fields.putAll(client.endpointParams());
        if (inHeader) {
            headers.set(
                    HttpHeaders.AUTHORIZATION,
                    AccessReader.basic(encoded(client.clientId()), encoded(secret)));
        } else {
            fields.put("client_id", client.clientId());
            fields.put("client_secret", secret);
        }
        StringJoiner form = new StringJoiner("&");
        fields.forEach((name, value) -> form.add(encoded(name) + "=" + encoded(value)));
        HttpOrder order =
                new HttpOrder(
                        HttpOrder.endpoint(URI.create(client.tokenUrl())),
                        headers,
                        Buffer.buffer(form.toString()),
                        false,
                        timeoutMs,
                        false);
        HttpAccess access = HttpAccess.DEFAULT.withTls(client.tls()).withProxy(client.proxy());
        return BlockingCall.send(exchanges, order, access, ANSWER_BYTES_LIMIT);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
