package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `http_config`: how a receiver is called over HTTP.
///
/// @param basic name and password, if it wants them
/// @param authorization other credentials, if it wants them
/// @param oauth2 where tokens are had from, if it wants them
/// @param headers of each request beside those that belong to it
public record HttpSettings(
        Optional<Basic> basic,
        Optional<Authorization> authorization,
        Optional<OAuth2> oauth2,
        TlsSettings tls,
        ProxySettings proxy,
        boolean followRedirects,
        boolean http2,
        SortedMap<String, List<Secret>> headers) {
    /// What holds where nothing is said.
    public static final HttpSettings DEFAULT =
            new HttpSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    TlsSettings.NONE,
                    ProxySettings.NONE,
                    true,
                    true,
                    Collections.emptySortedMap());

    public HttpSettings {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    /// `basic_auth`.
    public record Basic(Secret user, Secret password) {}

    /// `authorization`.
    ///
    /// @param type first word of the header, such as `Bearer`
    public record Authorization(String type, Secret credentials) {}

    /// `oauth2`: tokens for a client's own credentials.
    ///
    /// @param parameters of the request beside those that belong to it
    public record OAuth2(
            String clientId,
            Secret clientSecret,
            List<String> scopes,
            URI tokenUrl,
            SortedMap<String, String> parameters,
            TlsSettings tls,
            ProxySettings proxy) {
        public OAuth2 {
            scopes = List.copyOf(scopes);
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        }
    }

    /// Other credentials in place of these.
    public HttpSettings bearing(Authorization other) {
        return new HttpSettings(
                Optional.empty(),
                Optional.of(other),
                Optional.empty(),
                tls,
                proxy,
                followRedirects,
                http2,
                headers);
    }

    /// What stands at `http_config`, else the fallback.
    static HttpSettings of(Section parent, HttpSettings fallback) throws YamlException {
        Optional<Section> section = parent.section("http_config");
        return section.isPresent() ? parse(section.get()) : fallback;
    }

    private static HttpSettings parse(Section section) throws YamlException {
        Optional<Section> basic = section.section("basic_auth");
        Optional<Section> authorization = section.section("authorization");
        Optional<Section> oauth2 = section.section("oauth2");
        Optional<Secret> bearer = section.secret("bearer_token", "bearer_token_file");
        long kinds =
                List.of(basic, authorization, oauth2, bearer).stream()
                        .filter(Optional::isPresent)
                        .count();
        if (kinds > 1) {
            throw section.error(
                    "http_config",
                    "at most one of basic_auth, authorization and oauth2 must be given");
        }
        Optional<Section> tls = section.section("tls_config");
        HttpSettings settings =
                new HttpSettings(
                        basic.isPresent() ? Optional.of(basic(basic.get())) : Optional.empty(),
                        authorization.isPresent()
                                ? Optional.of(authorization(authorization.get()))
                                : bearer.map(secret -> new Authorization("Bearer", secret)),
                        oauth2.isPresent() ? Optional.of(oauth2(oauth2.get())) : Optional.empty(),
                        tls.isPresent() ? TlsSettings.parse(tls.get()) : TlsSettings.NONE,
                        ProxySettings.parse(section),
                        section.flag("follow_redirects", true),
                        section.flag("enable_http2", true),
                        headers(section));
        section.end("proxy_connect_header");
        return settings;
    }

    private static Basic basic(Section section) throws YamlException {
        Basic basic =
                new Basic(
                        section.secret("username", "username_file").orElse(Secret.of("")),
                        section.secret("password", "password_file").orElse(Secret.of("")));
        section.end("username_ref", "password_ref");
        return basic;
    }

    private static Authorization authorization(Section section) throws YamlException {
        String type = section.text("type", "Bearer").strip();
        if (type.equalsIgnoreCase("basic")) {
            throw section.error("type", "authorization type must not be basic: use basic_auth");
        }
        Authorization authorization =
                new Authorization(
                        type,
                        section.secret("credentials", "credentials_file").orElse(Secret.of("")));
        section.end("credentials_ref");
        return authorization;
    }

    private static OAuth2 oauth2(Section section) throws YamlException {
        Optional<Section> tls = section.section("tls_config");
        OAuth2 oauth2 =
                new OAuth2(
                        section.required("client_id"),
                        section.requiredSecret(
                                "client_secret", "client_secret_file", Optional.empty()),
                        section.texts("scopes"),
                        section.url("token_url")
                                .orElseThrow(() ->
                                        section.error("token_url", "token_url must be given")),
                        section.words("endpoint_params"),
                        tls.isPresent() ? TlsSettings.parse(tls.get()) : TlsSettings.NONE,
                        ProxySettings.parse(section));
        section.end("proxy_connect_header", "client_secret_ref");
        return oauth2;
    }

    private static SortedMap<String, List<Secret>> headers(Section section) throws YamlException {
        SortedMap<String, List<Secret>> headers = new TreeMap<>();
        for (var entry : section.map().namedMaps("http_headers").entrySet()) {
            Section values = new Section(entry.getValue(), section.directory());
            List<Secret> all = new ArrayList<>();
            values.texts("values").forEach(value -> all.add(Secret.of(value)));
            values.texts("secrets").forEach(value -> all.add(Secret.of(value)));
            values.texts("files")
                    .forEach(file -> all.add(Secret.in(section.directory().resolve(file))));
            values.end();
            headers.put(entry.getKey(), List.copyOf(all));
        }
        return headers;
    }
}
