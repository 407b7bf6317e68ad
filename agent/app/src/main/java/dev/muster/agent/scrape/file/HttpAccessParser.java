package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.ProxyAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import dev.muster.agent.scrape.job.TlsVersion;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads credentials and TLS of a job.
final class HttpAccessParser {
    private static final Set<String> TLS_NOT_CARRIED =
            Set.of("ca", "cert", "key", "max_version", "min_version", "server_name", "ca_ref");

    private final YamlMap config;
    private final Path directory;

    HttpAccessParser(YamlMap config, Path directory) {
        this.config = config;
        this.directory = directory;
    }

    HttpAccess parse() throws ScrapeFileException {
        return new HttpAccess(
                credentials(),
                tls(),
                ProxyAccess.NONE,
                Map.of(),
                config.flag("follow_redirects", true),
                config.flag("enable_compression", true),
                true);
    }

    private Credentials credentials() throws ScrapeFileException {
        Optional<YamlMap> basic = config.map("basic_auth");
        Optional<YamlMap> authorization = config.map("authorization");
        String token = config.text("bearer_token", "");
        String tokenFile = config.text("bearer_token_file", "");
        int given =
                (basic.isPresent() ? 1 : 0)
                        + (authorization.isPresent() ? 1 : 0)
                        + (token.isEmpty() ? 0 : 1)
                        + (tokenFile.isEmpty() ? 0 : 1);
        if (given > 1) {
            throw config.error(
                    basic.isPresent() ? "basic_auth" : "authorization",
                    "only one of basic_auth, authorization, bearer_token and bearer_token_file may"
                            + " be given: found="
                            + given);
        }
        if (basic.isPresent()) {
            return basic(basic.get());
        }
        if (authorization.isPresent()) {
            return authorization(authorization.get());
        }
        if (!tokenFile.isEmpty()) {
            return new Credentials.Token("Bearer", inFile(tokenFile));
        }
        return token.isEmpty()
                ? new Credentials.None()
                : new Credentials.Token("Bearer", new Secret.Text(token));
    }

    private Credentials basic(YamlMap map) throws ScrapeFileException {
        String username = map.text("username", "");
        String password = map.text("password", "");
        String file = map.text("password_file", "");
        map.refuseOthers(Set.of("username_file", "username_ref", "password_ref"));
        if (!password.isEmpty() && !file.isEmpty()) {
            throw map.error("password", "only one of password and password_file may be given");
        }
        return new Credentials.Basic(
                new Secret.Text(username),
                file.isEmpty() ? new Secret.Text(password) : inFile(file));
    }

    private Credentials authorization(YamlMap map) throws ScrapeFileException {
        String type = map.text("type", "Bearer").strip();
        String credentials = map.text("credentials", "");
        String file = map.text("credentials_file", "");
        map.refuseOthers(Set.of("credentials_ref"));
        if (type.equalsIgnoreCase("basic")) {
            throw map.error("type", "type must not be Basic, which is basic_auth: found=" + type);
        }
        if (credentials.isEmpty() == file.isEmpty()) {
            throw map.error(
                    "credentials", "exactly one of credentials and credentials_file must be given");
        }
        return new Credentials.Token(
                type, file.isEmpty() ? new Secret.Text(credentials) : inFile(file));
    }

    private TlsAccess tls() throws ScrapeFileException {
        Optional<YamlMap> map = config.map("tls_config");
        if (map.isEmpty()) {
            return TlsAccess.DEFAULT;
        }
        YamlMap tls = map.get();
        Optional<Secret> ca = path(tls, "ca_file");
        Optional<Secret> cert = path(tls, "cert_file");
        Optional<Secret> key = path(tls, "key_file");
        boolean insecure = tls.flag("insecure_skip_verify", false);
        tls.refuseOthers(TLS_NOT_CARRIED);
        try {
            return new TlsAccess(ca, cert, key, "", insecure, TlsVersion.TLS12, TlsVersion.TLS13);
        } catch (IllegalArgumentException e) {
            throw tls.error("cert_file", String.valueOf(e.getMessage()));
        }
    }

    private Optional<Secret> path(YamlMap map, String key) throws ScrapeFileException {
        String text = map.text(key, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(inFile(text));
    }

    private Secret inFile(String name) {
        return new Secret.InFile(directory.resolve(name));
    }
}
