package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads `basic_auth`, `authorization`, `oauth2` and the older `bearer_token`.
final class CredentialsParser {
    private static final Set<String> OAUTH2_NOT_CARRIED =
            Set.of(
                    "audience",
                    "claims",
                    "client_certificate_key",
                    "client_certificate_key_file",
                    "client_certificate_key_id",
                    "client_certificate_key_ref",
                    "client_secret_ref",
                    "grant_type",
                    "iss",
                    "signature_algorithm");

    private final YamlMap config;
    private final Path directory;

    CredentialsParser(YamlMap config, Path directory) {
        this.config = config;
        this.directory = directory;
    }

    Credentials parse() throws YamlException {
        Optional<YamlMap> basic = config.map("basic_auth");
        Optional<YamlMap> authorization = config.map("authorization");
        Optional<YamlMap> oauth2 = config.map("oauth2");
        Optional<Secret> bearer =
                SecretParser.parse(config, "bearer_token", "bearer_token_file", directory);
        List<String> given = new ArrayList<>();
        basic.ifPresent(_ -> given.add("basic_auth"));
        authorization.ifPresent(_ -> given.add("authorization"));
        oauth2.ifPresent(_ -> given.add("oauth2"));
        bearer.ifPresent(_ -> given.add("bearer_token"));
        if (given.size() > 1) {
            throw config.error(
                    given.getFirst(),
                    "only one of basic_auth, authorization, oauth2 and bearer_token may be given:"
                            + " found="
                            + given);
        }
        if (basic.isPresent()) {
            return basic(basic.get());
        }
        if (authorization.isPresent()) {
            return authorization(authorization.get());
        }
        if (oauth2.isPresent()) {
            return oauth2(oauth2.get());
        }
        return bearer.<Credentials>map(secret -> new Credentials.Token("Bearer", secret))
                .orElse(new Credentials.None());
    }

    private Credentials basic(YamlMap map) throws YamlException {
        Optional<Secret> username = SecretParser.parse(map, "username", "username_file", directory);
        Optional<Secret> password = SecretParser.parse(map, "password", "password_file", directory);
        map.refuseOthers(Set.of("username_ref", "password_ref"));
        return new Credentials.Basic(username.orElse(Secret.EMPTY), password.orElse(Secret.EMPTY));
    }

    private Credentials authorization(YamlMap map) throws YamlException {
        String type = map.text("type", "Bearer").strip();
        Optional<Secret> credentials =
                SecretParser.parse(map, "credentials", "credentials_file", directory);
        map.refuseOthers(Set.of("credentials_ref"));
        if (type.equalsIgnoreCase("basic")) {
            throw map.error("type", "type must not be Basic, which is basic_auth: found=" + type);
        }
        if (!HttpAccessParser.isHeaderName(type)) {
            throw map.error("type", "type must be one word: found=" + YamlMap.shown(type));
        }
        return new Credentials.Token(
                type,
                credentials.orElseThrow(() ->
                        map.error(
                                "credentials",
                                "exactly one of credentials and credentials_file must be given")));
    }

    private Credentials oauth2(YamlMap map) throws YamlException {
        String clientId = required(map, "client_id");
        String tokenUrl = required(map, "token_url");
        if (!isHttpUrl(tokenUrl)) {
            throw map.error("token_url", "token_url must be an http or https address with a host");
        }
        Credentials.OAuth2 result =
                new Credentials.OAuth2(
                        clientId,
                        SecretParser.parse(map, "client_secret", "client_secret_file", directory)
                                .orElse(Secret.EMPTY),
                        tokenUrl,
                        map.texts("scopes"),
                        map.words("endpoint_params"),
                        TlsParser.parse(map, directory),
                        ProxyParser.parse(map));
        map.refuseOthers(OAUTH2_NOT_CARRIED);
        return result;
    }

    private static String required(YamlMap map, String key) throws YamlException {
        String text = map.text(key, "");
        if (text.isEmpty()) {
            throw map.error(key, key + " must be given and not empty");
        }
        return text;
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
