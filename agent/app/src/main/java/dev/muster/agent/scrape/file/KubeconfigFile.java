package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.ProxyAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesServer;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A kubeconfig file: the cluster and the user of its current context. Whatever starts programs to
/// get credentials is refused.
final class KubeconfigFile {
    private final YamlMap root;
    private final Path directory;

    private KubeconfigFile(YamlMap root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    /// @throws YamlException naming the file and the line at fault
    static KubernetesServer read(Path path) throws YamlException {
        YamlMap root = YamlMap.parse(path.toString(), ScrapeFile.text(path));
        Path directory = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
        return new KubeconfigFile(root, directory).server();
    }

    private KubernetesServer server() throws YamlException {
        YamlMap context = named("contexts", root.text("current-context", ""), "context");
        YamlMap cluster = named("clusters", context.text("cluster", ""), "cluster");
        String user = context.text("user", "");
        HttpAccess access = HttpAccess.DEFAULT;
        Optional<YamlMap> of =
                user.isEmpty() ? Optional.empty() : Optional.of(named("users", user, "user"));
        if (of.isPresent()) {
            access = access.withCredentials(credentials(of.get()));
        }
        String proxy = cluster.text("proxy-url", "");
        HttpAccess whole =
                new HttpAccess(
                        access.credentials(),
                        tls(cluster, of),
                        proxy.isEmpty()
                                ? ProxyAccess.NONE
                                : new ProxyAccess(new Secret.Text(proxy), "", false, Map.of()),
                        access.headers(),
                        access.followRedirects(),
                        access.compression(),
                        access.http2());
        return new KubernetesServer(DiscoveryParser.uri(cluster, "server"), whole);
    }

    /// The mapping under `key` of the entry of that name in a list.
    private YamlMap named(String list, String name, String key) throws YamlException {
        for (YamlMap entry : root.maps(list)) {
            if (entry.text("name", "").equals(name) && entry.map(key).isPresent()) {
                return entry.map(key).get();
            }
        }
        throw root.error(list, list + " must have an entry of that name: found=" + name);
    }

    private Credentials credentials(YamlMap user) throws YamlException {
        for (String key : new String[] {"exec", "auth-provider"}) {
            if (user.has(key)) {
                throw user.error(key, "key is not carried by this agent: found=" + key);
            }
        }
        String tokenFile = user.text("tokenFile", "");
        String token = user.text("token", "");
        if (!tokenFile.isEmpty()) {
            return new Credentials.Token("Bearer", new Secret.InFile(directory.resolve(tokenFile)));
        }
        if (!token.isEmpty()) {
            return new Credentials.Token("Bearer", new Secret.Text(token));
        }
        String username = user.text("username", "");
        return username.isEmpty()
                ? new Credentials.None()
                : new Credentials.Basic(
                        new Secret.Text(username), new Secret.Text(user.text("password", "")));
    }

    private TlsAccess tls(YamlMap cluster, Optional<YamlMap> user) throws YamlException {
        TlsAccess plain = TlsAccess.DEFAULT;
        Optional<Secret> cert = Optional.empty();
        Optional<Secret> key = Optional.empty();
        if (user.isPresent()) {
            cert = pem(user.get(), "client-certificate");
            key = pem(user.get(), "client-key");
        }
        try {
            return new TlsAccess(
                    pem(cluster, "certificate-authority"),
                    cert,
                    key,
                    cluster.text("tls-server-name", ""),
                    cluster.flag("insecure-skip-tls-verify", false),
                    plain.oldest(),
                    plain.newest());
        } catch (IllegalArgumentException e) {
            throw cluster.error("server", String.valueOf(e.getMessage()));
        }
    }

    /// What stands in the file itself in base64, or in a file of its own.
    private Optional<Secret> pem(YamlMap map, String key) throws YamlException {
        String data = map.text(key + "-data", "");
        String file = map.text(key, "");
        if (!data.isEmpty()) {
            try {
                byte[] bytes = Base64.getMimeDecoder().decode(data);
                return Optional.of(new Secret.Text(new String(bytes, StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                throw map.error(key + "-data", key + "-data must be base64");
            }
        }
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new Secret.InFile(directory.resolve(file)));
    }
}
