package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.job.HttpRequests;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;

/// A real HTTP server on loopback that answers as a test says, and the agent's own client for it.
public final class FakeApi implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpSources sources = new HttpSources(vertx, new BodyPool(1 << 20));
    private final HttpServer server;

    private FakeApi(Handler<HttpServerRequest> handler) {
        server = join(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    }

    public static FakeApi start(Handler<HttpServerRequest> handler) {
        return new FakeApi(handler);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    public HttpRequests requests() {
        return sources.requests();
    }

    public Vertx vertx() {
        return vertx;
    }

    /// Answers with JSON.
    public static void json(HttpServerRequest request, String body) {
        request.response().putHeader("Content-Type", "application/json").end(body);
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        sources.close();
        join(vertx.close());
    }
}
