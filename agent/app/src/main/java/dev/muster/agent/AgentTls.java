package dev.muster.agent;

import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.config.SettingsException;
import dev.muster.agent.config.TlsSettings;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.fleet.DirectoryPart;
import dev.muster.agent.fleet.Rosters;
import dev.muster.agent.hint.CellHints;
import dev.muster.federation.tls.CallerRule;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.federation.tls.TlsException;
import dev.muster.model.sample.MetricType;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.Set;

/// The certificates of the agent, as its server and its clients take them. Thread-safe.
final class AgentTls {
    /// Streams that a query node may end within half a minute; Vert.x takes 200 for an attack, but
    /// all queries of a node come by one connection, and each may be cancelled.
    private static final int RESETS_LIMIT = 5_000;

    /// What agents ask each other: the directory, manifests and hints of their cell, and its logs.
    private static final Set<String> FOR_AGENTS =
            Set.of(
                    DirectoryPart.PATH,
                    Rosters.PATH,
                    CellHints.PATH,
                    "/api/v1/cell/manifest",
                    "/api/v1/upness");

    private final Optional<Tls> tls;
    private final CallerRule callers;
    private final TlsConfig config;

    private AgentTls(TlsConfig config, Optional<Tls> tls) {
        this.config = config;
        this.tls = tls;
        callers = new CallerRule(config.clientAuth(), FOR_AGENTS);
    }

    /// Reads the files.
    ///
    /// @throws SettingsException naming the key or the file that is wrong
    static AgentTls open(TlsSettings settings) {
        return open(AgentPlan.tls(settings));
    }

    static AgentTls open(TlsConfig config) {
        try {
            return new AgentTls(
                    config, config.isSet() ? Optional.of(Tls.open(config)) : Optional.empty());
        } catch (TlsException e) {
            throw SettingsException.of("config: " + e.getMessage());
        }
    }

    /// Makes a server's options those of this agent.
    HttpServerOptions server(HttpServerOptions options) {
        options.setHttp2RstFloodMaxRstFramePerWindow(RESETS_LIMIT);
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

    /// Makes a client's options those of this agent.
    HttpClientOptions client(HttpClientOptions options) {
        if (tls.isPresent()) {
            options.setTrustOptions(TrustOptions.wrap(tls.get().trust()));
            if (config.serves()) {
                options.setKeyCertOptions(KeyCertOptions.wrap(tls.get().keys()));
            }
        }
        return options;
    }

    CallerRule callers() {
        return callers;
    }

    /// Calls that the JDK makes take the same certificates.
    void makeDefault() {
        tls.ifPresent(Tls::makeDefault);
    }

    /// Reads files that have changed; every few seconds.
    void reload() {
        tls.ifPresent(Tls::reload);
    }

    void writeMetrics(ExpositionWriter out) {
        if (tls.isEmpty()) {
            return;
        }
        Tls files = tls.get();
        String ends = "muster_tls_certificate_expiry_timestamp_seconds";
        out.family(ends, MetricType.GAUGE, "When a certificate ends, Unix time.");
        files.certificateEnds().ifPresent(seconds -> out.sample(ends, "file", "cert", seconds));
        files.authorityEnds().ifPresent(seconds -> out.sample(ends, "file", "ca", seconds));
        counter(
                out,
                "muster_tls_reloads_total",
                "Times that changed files of certificates were taken.",
                files.reloads());
        counter(
                out,
                "muster_tls_reload_failures_total",
                "Times that files of certificates could not be used; those from before are.",
                files.reloadFailures());
        String refused = "muster_tls_certificates_refused_total";
        out.family(refused, MetricType.COUNTER, "Certificates of others that were not trusted.");
        out.sample(refused, "of", "client", files.refusedClients());
        out.sample(refused, "of", "server", files.refusedServers());
        counter(
                out,
                "muster_tls_requests_refused_total",
                "Requests refused because no certificate was shown.",
                callers.refused());
        counter(
                out,
                "muster_tls_requests_of_agents_refused_total",
                "Requests with an agent's certificate refused because only others may ask that.",
                callers.refusedAgents());
        counter(
                out,
                "muster_tls_requests_without_certificate_total",
                "Requests answered though no certificate was shown when one was asked for.",
                callers.strangers());
    }

    private static void counter(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }
}
