package dev.muster.query.wire;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// The JDK's HTTP client over connections that others use too: questions to an agent go by the
/// connection that its stream comes by. Reads an answer as fast as it is consumed. Requests are
/// held in memory whole; follows no redirects. Thread-safe; does not close the connections.
public final class AgentHttp extends HttpClient {
    private final Vertx vertx;
    private final AgentConnections connections;
    private final boolean repeats;

    /// For questions: one whose connection ends before there is an answer is asked again.
    public AgentHttp(Vertx vertx, AgentConnections connections) {
        this(vertx, connections, true);
    }

    private AgentHttp(Vertx vertx, AgentConnections connections, boolean repeats) {
        this.vertx = vertx;
        this.connections = connections;
        this.repeats = repeats;
    }

    /// The same for what writes: nothing is sent twice but by who sends it.
    public AgentHttp once() {
        return new AgentHttp(vertx, connections, false);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Exchange<T> exchange = new Exchange<>(vertx, request, handler, repeats);
        exchange.begin(connections::request);
        try {
            return exchange.response().get();
        } catch (InterruptedException e) {
            exchange.fail(new InterruptedIOException("interrupted while an answer was waited for"));
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        Exchange<T> exchange = new Exchange<>(vertx, request, handler, repeats);
        exchange.begin(connections::request);
        return exchange.response();
    }

    /// Without pushes: agents send none.
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.PushPromiseHandler<T> pushes) {
        return sendAsync(request, handler);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    /// The JDK's: that of the connections stays theirs.
    @Override
    public SSLContext sslContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK must have TLS", e);
        }
    }

    @Override
    public SSLParameters sslParameters() {
        return sslContext().getDefaultSSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_2;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }
}
