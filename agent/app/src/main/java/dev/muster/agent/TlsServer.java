package dev.muster.agent;

import dev.muster.agent.config.TlsSettings;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Lets the HTTP port speak TLS where there is a certificate.
@Singleton
class TlsServer implements HttpServerOptionsCustomizer {
    private final AgentTls tls;

    @Inject
    TlsServer(TlsSettings settings) {
        tls = AgentTls.open(settings);
    }

    AgentTls tls() {
        return tls;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        tls.server(options);
    }
}
