package dev.muster.query;

import dev.muster.federation.tls.CallerRule;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.federation.tls.TlsException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The certificates of the query node, as its server and its clients take them. Thread-safe.
final class NodeTls {
    private static final long RELOAD_MS = 5_000;
    private static final int FORBIDDEN = 403;

    private final TlsConfig config;
    private final Optional<Tls> tls;
    private final CallerRule callers;

    private NodeTls(TlsConfig config, Optional<Tls> tls) {
        this.config = config;
        this.tls = tls;
        // agents ask query nodes nothing
        callers = new CallerRule(config.clientAuth(), Set.of());
    }

    static TlsConfig config(QueryConfig.Tls config) {
        try {
            return new TlsConfig(
                    config.certFile(),
                    config.keyFile(),
                    config.caFile(),
                    ClientAuth.of(config.clientAuth()),
                    config.serverName());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /// Reads the files.
    static NodeTls open(QueryConfig.Tls settings) {
        TlsConfig config = config(settings);
        try {
            return new NodeTls(
                    config, config.isSet() ? Optional.of(Tls.open(config)) : Optional.empty());
        } catch (TlsException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static StartException wrong(String message) {
        return new StartException(StartException.Reason.CONFIG, message);
    }

    Optional<Tls> files() {
        return tls;
    }

    /// Makes a server's options those of this node.
    HttpServerOptions server(HttpServerOptions options) {
        if (tls.isEmpty() || !config.serves()) {
            return options;
        }
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(tls.get().keys()));
        if (config.clientAuth() != ClientAuth.NONE) {
            options.setClientAuth(io.vertx.core.http.ClientAuth.REQUEST)
                    .setTrustOptions(TrustOptions.wrap(tls.get().trust()));
        }
        return options;
    }

    /// Asks for certificates before any route.
    void guard(Router router) {
        if (config.clientAuth() != ClientAuth.NONE) {
            router.route().order(Integer.MIN_VALUE).handler(this::admit);
        }
    }

    private void admit(RoutingContext context) {
        switch (callers.judge(context.request().sslSession(), context.request().path())) {
            case ADMITTED -> context.next();
            case NO_CERTIFICATE -> refuse(context, CallerRule.REFUSAL);
            case NOT_FOR_AGENTS -> refuse(context, CallerRule.ROLE_REFUSAL);
        }
    }

    private static void refuse(RoutingContext context, String why) {
        context.response()
                .setStatusCode(FORBIDDEN)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(why + "\n");
    }

    /// A client for others than agents.
    HttpClient client(Duration connectTimeout) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(connectTimeout);
        tls.ifPresent(files -> builder.sslContext(files.context()));
        return builder.build();
    }

    /// Looks for changed files from now on.
    void start(Vertx vertx) {
        tls.ifPresent(files ->
                vertx.setPeriodic(
                        RELOAD_MS,
                        _ -> {
                            var _ = vertx.executeBlocking(files::reload);
                        }));
    }

    void register(MeterRegistry registry) {
        if (tls.isEmpty()) {
            return;
        }
        Tls files = tls.get();
        String ends = "muster_tls_certificate_expiry_timestamp_seconds";
        if (config.serves()) {
            Gauge.builder(ends, files, t -> t.certificateEnds().orElse(0))
                    .description("When a certificate ends, Unix time.")
                    .tag("file", "cert")
                    .register(registry);
        }
        if (config.caFile().isPresent()) {
            Gauge.builder(ends, files, t -> t.authorityEnds().orElse(0))
                    .description("When a certificate ends, Unix time.")
                    .tag("file", "ca")
                    .register(registry);
        }
        counter(
                registry,
                "muster_tls_reloads",
                "Times that changed files of certificates were taken.",
                Tls::reloads);
        counter(
                registry,
                "muster_tls_reload_failures",
                "Times that files of certificates could not be used; those from before are.",
                Tls::reloadFailures);
        refused(registry, "client", Tls::refusedClients);
        refused(registry, "server", Tls::refusedServers);
        FunctionCounter.builder("muster_tls_requests_refused", callers, CallerRule::refused)
                .description("Requests refused because no certificate was shown.")
                .register(registry);
        FunctionCounter.builder(
                        "muster_tls_requests_of_agents_refused", callers, CallerRule::refusedAgents)
                .description(
                        "Requests with an agent's certificate refused because only others may ask"
                                + " that.")
                .register(registry);
        FunctionCounter.builder(
                        "muster_tls_requests_without_certificate", callers, CallerRule::strangers)
                .description(
                        "Requests answered though no certificate was shown when one was asked for.")
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String help, ToLongFunction<Tls> value) {
        FunctionCounter.builder(name, tls.orElseThrow(), t -> value.applyAsLong(t))
                .description(help)
                .register(registry);
    }

    private void refused(MeterRegistry registry, String of, ToLongFunction<Tls> value) {
        FunctionCounter.builder(
                        "muster_tls_certificates_refused",
                        tls.orElseThrow(),
                        t -> value.applyAsLong(t))
                .description("Certificates of others that were not trusted.")
                .tag("of", of)
                .register(registry);
    }
}
