package dev.muster.query.receivers.http;

import dev.muster.query.receivers.settings.HttpSettings;
import dev.muster.query.receivers.settings.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;

/// Calls receivers of one `http_config`. Thread-safe.
public final class WebClient implements AutoCloseable {
    private static final int REDIRECTS_LIMIT = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
    private static final List<Integer> SAME_METHOD = List.of(307, 308);

    private final HttpSettings settings;
    private final ClientTls tls;
    private final HttpClient client;
    private final Optional<TokenSource> tokens;

    /// @throws IOException if a file of its TLS is wrong
    public WebClient(HttpSettings settings) throws IOException {
        this.settings = settings;
        tls = ClientTls.open(settings.tls());
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(
                                settings.http2()
                                        ? HttpClient.Version.HTTP_2
                                        : HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .sslContext(tls.context())
                        .proxy(new ProxyChoice(settings.proxy()));
        if (!settings.tls().protocols().isEmpty()) {
            SSLParameters parameters = new SSLParameters();
            parameters.setProtocols(settings.tls().protocols().toArray(String[]::new));
            builder.sslParameters(parameters);
        }
        client = builder.build();
        tokens =
                settings.oauth2().isPresent()
                        ? Optional.of(new TokenSource(settings.oauth2().get()))
                        : Optional.empty();
    }

    /// Waits for the answer.
    ///
    /// @throws IOException if there is none in time; the message bears no secrets
    public Reply send(Call call) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + call.timeout().toNanos();
        tls.reload();
        URI url = call.url();
        String method = call.method();
        for (int hops = 0; hops <= REDIRECTS_LIMIT; hops++) {
            Reply reply = exchange(request(call, url, method), endNanos);
            Optional<URI> next = next(url, reply);
            if (next.isEmpty()) {
                return reply;
            }
            url = next.get();
            if (!SAME_METHOD.contains(reply.status())) {
                method = "GET";
            }
        }
        throw new IOException("redirects must be at most " + REDIRECTS_LIMIT);
    }

    private Optional<URI> next(URI url, Reply reply) {
        if (!settings.followRedirects() || !REDIRECTS.contains(reply.status())) {
            return Optional.empty();
        }
        try {
            return reply.headers()
                    .firstValue("Location")
                    .map(url::resolve)
                    .filter(next -> next.getHost() != null);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private HttpRequest request(Call call, URI url, String method)
            throws IOException, InterruptedException {
        boolean body = method.equals(call.method());
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(url)
                        .method(
                                method,
                                body
                                        ? HttpRequest.BodyPublishers.ofByteArray(call.bytes())
                                        : HttpRequest.BodyPublishers.noBody())
                        .header("User-Agent", "Muster");
        if ("http".equals(url.getScheme())) {
            // no offer of HTTP/2 in the clear, which some proxies do not bear
            builder.version(HttpClient.Version.HTTP_1_1);
        }
        // what proves who calls is for the host that was meant, not for one it names
        boolean meant = isSame(url, call.url());
        try {
            for (Map.Entry<String, String> header : call.headers().entrySet()) {
                if ((meant || !header.getKey().equalsIgnoreCase("Authorization"))
                        && (body || !header.getKey().equalsIgnoreCase("Content-Type"))) {
                    builder.setHeader(header.getKey(), header.getValue());
                }
            }
            if (meant) {
                authorize(builder);
            }
        } catch (IllegalArgumentException _) {
            throw new IOException("headers must be such as HTTP takes");
        }
        return builder.build();
    }

    private static boolean isSame(URI one, URI other) {
        return one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort()
                && String.valueOf(one.getScheme()).equals(other.getScheme());
    }

    private void authorize(HttpRequest.Builder builder) throws IOException, InterruptedException {
        if (settings.basic().isPresent()) {
            HttpSettings.Basic basic = settings.basic().get();
            builder.setHeader("Authorization", basic(basic.user().read(), basic.password().read()));
        }
        if (settings.authorization().isPresent()) {
            HttpSettings.Authorization with = settings.authorization().get();
            builder.setHeader("Authorization", with.type() + " " + with.credentials().read());
        }
        if (tokens.isPresent()) {
            builder.setHeader("Authorization", "Bearer " + tokens.get().token());
        }
        for (Map.Entry<String, List<Secret>> header : settings.headers().entrySet()) {
            for (Secret value : header.getValue()) {
                builder.header(header.getKey(), value.read());
            }
        }
    }

    static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private Reply exchange(HttpRequest request, long endNanos)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> future =
                client.sendAsync(request, _ -> new BodyStart());
        try {
            HttpResponse<String> response =
                    future.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException _) {
            future.cancel(true);
            throw new HttpTimeoutException("answer must come in time");
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        tokens.ifPresent(TokenSource::close);
    }
}
