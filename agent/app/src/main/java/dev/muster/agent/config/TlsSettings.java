package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// Certificates of the HTTP port and of calls to other agents: `muster.tls.*`.
@ConfigMapping(prefix = "muster.tls")
public interface TlsSettings {
    /// PEM file of the own certificate; with it the HTTP port speaks TLS. Read again when it
    /// changes.
    Optional<Path> certFile();

    /// PEM file of its private key.
    Optional<Path> keyFile();

    /// PEM file of the authorities that are trusted. Default: those of the JDK.
    Optional<Path> caFile();

    /// Whether callers must show a certificate: `none`, `request` or `required`.
    @WithDefault("none")
    String clientAuth();

    /// Name that certificates of agents bear. Default: the host in their address.
    Optional<String> serverName();

    /// Port on the loopback address that answers in clear, 1 to 65535. Default: none.
    OptionalInt localPort();
}
