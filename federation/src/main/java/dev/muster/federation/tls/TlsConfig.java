package dev.muster.federation.tls;

import java.nio.file.Path;
import java.util.Optional;

/// Where certificates are, and who must show one.
///
/// @param certFile PEM file: own certificate, then those that lead to its issuer
/// @param keyFile PEM file: its private key
/// @param caFile PEM file: certificates of who is trusted, both as server and as client; absent for
///   those that the JDK trusts
/// @param clientAuth whether callers must show a certificate
/// @param serverName name that certificates of servers bear in place of the host of their address
public record TlsConfig(
        Optional<Path> certFile,
        Optional<Path> keyFile,
        Optional<Path> caFile,
        ClientAuth clientAuth,
        Optional<String> serverName) {
    public TlsConfig {
        if (certFile.isPresent() != keyFile.isPresent()) {
            throw new IllegalArgumentException(
                    certFile.isPresent()
                            ? "muster.tls.key-file must be given with muster.tls.cert-file: none"
                            : "muster.tls.cert-file must be given with muster.tls.key-file: none");
        }
        if (clientAuth != ClientAuth.NONE && (certFile.isEmpty() || caFile.isEmpty())) {
            throw new IllegalArgumentException(
                    "muster.tls.client-auth must be none without muster.tls.cert-file and"
                            + " muster.tls.ca-file");
        }
        if (serverName.isPresent() && caFile.isEmpty()) {
            throw new IllegalArgumentException(
                    "muster.tls.server-name must be given with muster.tls.ca-file only");
        }
    }

    /// Without a certificate of its own.
    ///
    /// @param caFile PEM file of who is trusted
    public static TlsConfig trusting(Path caFile) {
        return new TlsConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.of(caFile),
                ClientAuth.NONE,
                Optional.empty());
    }

    /// Whether anything is configured.
    public boolean isSet() {
        return certFile.isPresent() || caFile.isPresent();
    }

    /// Whether the server speaks TLS.
    public boolean serves() {
        return certFile.isPresent();
    }

    /// How the URL of the server begins.
    public String scheme() {
        return serves() ? "https" : "http";
    }
}
