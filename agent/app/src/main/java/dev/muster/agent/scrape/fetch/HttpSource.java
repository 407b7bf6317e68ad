package dev.muster.agent.scrape.fetch;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.job.Credentials;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Fetches the body of one target over HTTP.
final class HttpSource implements BodySource {
    private static final String USER_AGENT = "Muster/0.1.0";

    private final Vertx vertx;
    private final HttpClient client;
    private final BodyPool pool;
    private final HttpFetchOptions options;
    private final Credentials credentials;
    private final RequestOptions request;

    HttpSource(
            Vertx vertx, HttpClient client, BodyPool pool, Target target, Endpoint.Http endpoint) {
        this.vertx = vertx;
        this.client = client;
        this.pool = pool;
        options =
                new HttpFetchOptions(
                        target.timing().timeoutMs(),
                        target.job().limits().bodySizeBytes(),
                        target.job().access().followRedirects());
        credentials = target.job().access().credentials();
        request = HttpFetchOptions.request(endpoint, headers(target));
    }

    private static MultiMap headers(Target target) {
        return MultiMap.caseInsensitiveMultiMap()
                .set(HttpHeaders.ACCEPT, ExpositionFormat.acceptHeader())
                .set(
                        HttpHeaders.ACCEPT_ENCODING,
                        target.job().access().compression() ? "gzip" : "identity")
                .set(HttpHeaders.USER_AGENT, USER_AGENT)
                .set(
                        "X-Prometheus-Scrape-Timeout-Seconds",
                        String.format(Locale.ROOT, "%.3f", target.timing().timeoutMs() / 1000.0));
    }

    @Override
    public void fetch(Consumer<FetchResult> done) {
        try {
            authorise();
        } catch (IOException e) {
            done.accept(
                    new FetchResult.Failed(
                            FetchFault.CREDENTIALS,
                            "credentials file must be readable: " + e,
                            Optional.empty()));
            return;
        }
        HttpFetch.start(vertx, client, options, request, pool, done);
    }

    private void authorise() throws IOException {
        switch (credentials) {
            case Credentials.None _ -> {}
            case Credentials.Basic(var user, var password) ->
                    set(basic(user.reveal(), password.reveal()));
            case Credentials.Token(var type, var token) -> set(type + " " + token.reveal());
            case Credentials.OAuth2 _ -> throw new IOException("oauth2 is not carried");
        }
    }

    private void set(String authorization) {
        request.getHeaders().set(HttpHeaders.AUTHORIZATION, authorization);
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
