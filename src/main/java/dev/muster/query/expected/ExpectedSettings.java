package dev.muster.query.expected;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where what is expected comes from, and where it is kept.
///
/// @param hosts hosts named by the configuration
/// @param file lists more; read again when it changes
/// @param url lists more; asked every 30 s
/// @param kubernetes pods of agents, whose nodes should be there; asked every 30 s
/// @param store remembers over a restart; without it only the run remembers
/// @param forgetAfter what was missing for so long is forgotten, unless it is listed
public record ExpectedSettings(
        List<String> hosts,
        Optional<Path> file,
        Optional<URI> url,
        Optional<Pods> kubernetes,
        Optional<Path> store,
        Duration forgetAfter) {
    /// Pods of agents in a cluster of Kubernetes.
    ///
    /// @param api its API server
    /// @param token file with the token to show
    /// @param ca file with the authority of the server; absent for those that the JDK trusts
    /// @param namespace of the pods
    /// @param selector of their labels
    public record Pods(URI api, Path token, Optional<Path> ca, String namespace, String selector) {}

    public ExpectedSettings {
        hosts = List.copyOf(hosts);
        if (forgetAfter.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "forget-after must be at least 1m: found=" + forgetAfter.toMillis() + "ms");
        }
    }
}
