package dev.muster.query;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/// Lets the HTTP port speak TLS where there is a certificate.
@Singleton
final class TlsServer implements HttpServerOptionsCustomizer {
    private final QueryWiring wiring;

    TlsServer(QueryWiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        wiring.tls().server(options);
    }
}
