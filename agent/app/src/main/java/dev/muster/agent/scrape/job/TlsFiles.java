package dev.muster.agent.scrape.job;

import java.nio.file.Path;
import java.util.Optional;

/// What a job's HTTPS connections trust and show.
///
/// @param caFile certificates trusted, PEM; those of the JDK where absent
/// @param certFile own certificate, PEM; needs `keyFile`
/// @param keyFile its private key, PEM
/// @param insecureSkipVerify trusts any certificate for any name
public record TlsFiles(
        Optional<Path> caFile,
        Optional<Path> certFile,
        Optional<Path> keyFile,
        boolean insecureSkipVerify) {
    public static final TlsFiles DEFAULT =
            new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), false);

    public TlsFiles {
        if (certFile.isPresent() != keyFile.isPresent()) {
            throw new IllegalArgumentException(
                    "cert_file and key_file must be given together: cert_file="
                            + certFile.map(Path::toString).orElse("absent")
                            + ", key_file="
                            + keyFile.map(Path::toString).orElse("absent"));
        }
    }
}
