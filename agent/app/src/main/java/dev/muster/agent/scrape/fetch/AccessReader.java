package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.ProxyAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.ProxyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what a request needs of its job's access. Thread-safe.
final class AccessReader implements AutoCloseable {
    private static final int RELAYS_LIMIT = 100;

    private final Vertx vertx;
    private final HttpClients clients;
    private final OAuthTokens tokens;
    private final Map<String, String> environment;
    private final Map<ProxyAccess, ConnectRelay> relays = new HashMap<>();

    AccessReader(
            Vertx vertx, HttpClients clients, OAuthTokens tokens, Map<String, String> environment) {
        this.vertx = vertx;
        this.clients = clients;
        this.tokens = tokens;
        this.environment = Map.copyOf(environment);
    }

    /// Is there anything to wait for: a file, a token? Otherwise what is read once holds for good.
    static boolean waits(HttpAccess access) {
        return access.credentials() instanceof Credentials.OAuth2
                || !access.proxy().connectHeaders().isEmpty()
                || secrets(access).anyMatch(secret -> secret instanceof Secret.InFile);
    }

    private static Stream<Secret> secrets(HttpAccess access) {
        TlsAccess tls = access.tls();
        Stream<Secret> own =
                switch (access.credentials()) {
                    case Credentials.None _, Credentials.OAuth2 _ -> Stream.of();
                    case Credentials.Basic(var user, var password) -> Stream.of(user, password);
                    case Credentials.Token(_, var token) -> Stream.of(token);
                };
        return Stream.of(
                        own,
                        tls.ca().stream(),
                        tls.cert().stream(),
                        tls.key().stream(),
                        Stream.of(access.proxy().url()),
                        access.headers().values().stream().flatMap(List::stream),
                        access.proxy().connectHeaders().values().stream().flatMap(List::stream))
                .flatMap(secret -> secret);
    }

    /// Blocks while it reads files and asks for a token, if it [#waits].
    ///
    /// @param timeoutMs most time for a token
    OpenedAccess read(HttpAccess access, long timeoutMs)
            throws FetchException, InterruptedException {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, List<Secret>> header : access.headers().entrySet()) {
            for (Secret value : header.getValue()) {
                headers.add(header.getKey(), reveal("http_headers", value));
            }
        }
        switch (access.credentials()) {
            case Credentials.None _ -> {}
            case Credentials.Basic(var user, var password) ->
                    headers.set(
                            HttpHeaders.AUTHORIZATION,
                            basic(reveal("basic_auth", user), reveal("basic_auth", password)));
            case Credentials.Token(var type, var token) ->
                    headers.set(
                            HttpHeaders.AUTHORIZATION, type + " " + reveal("authorization", token));
            case Credentials.OAuth2 client ->
                    headers.set(HttpHeaders.AUTHORIZATION, tokens.authorization(client, timeoutMs));
        }
        return new OpenedAccess(
                clients,
                access,
                headers,
                proxies(access.proxy()),
                pem(access.tls()),
                () -> refused(access));
    }

    /// A token that was refused is not used again.
    private void refused(HttpAccess access) {
        if (access.credentials() instanceof Credentials.OAuth2 client) {
            tokens.forget(client);
        }
    }

    private ProxyRoutes proxies(ProxyAccess access) throws FetchException, InterruptedException {
        ProxyRoutes routes = ProxyRoutes.of(access, environment);
        @Nullable ProxyOptions secure = routes.secure();
        if (secure == null || access.connectHeaders().isEmpty()) {
            return routes;
        }
        synchronized (relays) {
            @Nullable ConnectRelay relay = relays.get(access);
            if (relay == null) {
                MultiMap headers = MultiMap.caseInsensitiveMultiMap();
                for (var header : access.connectHeaders().entrySet()) {
                    for (Secret value : header.getValue()) {
                        headers.add(header.getKey(), reveal("proxy_connect_header", value));
                    }
                }
                if (relays.size() >= RELAYS_LIMIT) {
                    throw new FetchException(
                            FetchFault.PROXY,
                            "proxies with headers must be at most " + RELAYS_LIMIT);
                }
                relay = ConnectRelay.open(vertx, secure, headers);
                relays.put(access, relay);
            }
            return routes.withSecure(relay.options());
        }
    }

    @Override
    public void close() {
        synchronized (relays) {
            relays.values().forEach(ConnectRelay::close);
            relays.clear();
        }
    }

    private static PemTexts pem(TlsAccess tls) throws FetchException {
        return tls.equals(TlsAccess.DEFAULT) ? PemTexts.NONE : PemTexts.read(tls);
    }

    static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    static String reveal(String what, Secret secret) throws FetchException {
        String value;
        try {
            value = secret.reveal();
        } catch (IOException e) {
            throw new FetchException(
                    FetchFault.CREDENTIALS,
                    what + ": file must be readable: " + PemTexts.plain(e),
                    e);
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' && value.charAt(i) != '\t') {
                throw new FetchException(
                        FetchFault.CREDENTIALS, what + ": a value must be one line");
            }
        }
        return value;
    }
}
