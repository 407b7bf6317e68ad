package dev.muster.query.forward;

import dev.muster.query.source.AgentPlace;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/// Sends a request to an agent, a bounded number at one time. Thread-safe.
final class AgentPost {
    private static final int AT_ONE_TIME = 64;
    private static final int TEXT_LIMIT = 500;
    private static final Duration AFTER_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final Duration timeout;
    private final ForwardToken token;
    private final Semaphore turns = new Semaphore(AT_ONE_TIME, true);

    AgentPost(HttpClient http, Duration timeout, ForwardToken token) {
        this.http = http;
        this.timeout = timeout;
        this.token = token;
    }

    Reply send(AgentPlace agent, Parcel parcel) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(agent.url().resolve(parcel.path))
                        .timeout(timeout)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(parcel.body));
        parcel.headers.forEach(request::header);
        String secret = token.text();
        if (!secret.isEmpty()) {
            request.header("Authorization", "Bearer " + secret);
        }
        turns.acquire();
        try {
            HttpResponse<byte[]> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return reply(response);
        } catch (IOException e) {
            return new Reply.Later(false, agent.url() + ": " + e, Duration.ZERO);
        } finally {
            turns.release();
        }
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        Written written = Written.of(response.headers());
        return switch (status) {
            case 200, 202, 204 -> new Reply.Taken(written);
            case 401, 403, 404, 405 -> new Reply.Unwilling(status, text(response));
            default ->
                    status / 100 == 4 && status != 408 && status != 429
                            ? new Reply.Refused(status, text(response), written)
                            : new Reply.Later(
                                    true, status + ": " + text(response), after(response));
        };
    }

    private static String text(HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8).strip();
        return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT) + "…";
    }

    private static Duration after(HttpResponse<byte[]> response) {
        try {
            long seconds =
                    response.headers()
                            .firstValue("Retry-After")
                            .map(text -> Long.parseLong(text.strip().toLowerCase(Locale.ROOT)))
                            .orElse(0L);
            Duration after = Duration.ofSeconds(Math.max(0, seconds));
            return after.compareTo(AFTER_LIMIT) > 0 ? AFTER_LIMIT : after;
        } catch (NumberFormatException _) {
            return Duration.ZERO;
        }
    }
}
