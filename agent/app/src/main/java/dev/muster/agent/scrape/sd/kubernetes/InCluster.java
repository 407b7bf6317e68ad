package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a pod is told about its cluster: an address in its environment, and a service account in a
/// directory. Its token is read for each request, because it is replaced every hour or so.
record InCluster(Map<String, String> environment, Path serviceAccount)
        implements PodAddresses.Cluster {
    static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    InCluster {
        environment = Map.copyOf(environment);
    }

    @Override
    public KubernetesServer server() throws IOException {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        if (host.isEmpty() || port.isEmpty()) {
            throw new IOException(
                    "api_server or kubeconfig_file must be given outside a cluster:"
                            + " KUBERNETES_SERVICE_HOST="
                            + host
                            + ", KUBERNETES_SERVICE_PORT="
                            + port);
        }
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        TlsAccess plain = TlsAccess.DEFAULT;
        Path authority = serviceAccount.resolve("ca.crt");
        TlsAccess tls =
                new TlsAccess(
                        Files.exists(authority)
                                ? Optional.of(new Secret.InFile(authority))
                                : Optional.empty(),
                        plain.cert(),
                        plain.key(),
                        plain.serverName(),
                        plain.insecureSkipVerify(),
                        plain.oldest(),
                        plain.newest());
        Secret token = new Secret.InFile(serviceAccount.resolve("token"));
        return new KubernetesServer(
                URI.create("https://" + name + ":" + port),
                HttpAccess.DEFAULT
                        .withCredentials(new Credentials.Token("Bearer", token))
                        .withTls(tls));
    }

    /// The namespace of this pod.
    @Override
    public String namespace() throws IOException {
        return Files.readString(serviceAccount.resolve("namespace")).strip();
    }
}
