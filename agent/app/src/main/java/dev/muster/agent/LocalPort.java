package dev.muster.agent;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.CompletionException;

/// A port in clear for processes of this host: on the loopback address only, so that nothing of it
/// leaves the host.
final class LocalPort implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final HttpServer server;

    private LocalPort(HttpServer server) {
        this.server = server;
    }

    /// Blocks until it answers.
    ///
    /// @throws StartException if the port is taken
    static LocalPort open(Vertx vertx, Router router, int port) throws StartException {
        try {
            HttpServer server =
                    vertx.createHttpServer(new HttpServerOptions().setHost(LOOPBACK).setPort(port))
                            .requestHandler(router);
            server.listen().toCompletionStage().toCompletableFuture().join();
            return new LocalPort(server);
        } catch (CompletionException e) {
            throw new StartException(
                    StartException.MACHINE,
                    "muster.tls.local-port must be free: port=" + port + ", " + e.getCause(),
                    e);
        }
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        var _ = server.close();
    }
}
