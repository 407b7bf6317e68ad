package dev.muster.agent.scrape.job;

import java.util.Optional;

/// What HTTPS connections trust and show.
///
/// @param ca certificates trusted, PEM; those of the JDK where absent
/// @param cert own certificate, PEM; needs `key`
/// @param key its private key, PEM
/// @param serverName name that the certificate must be for, instead of the host; empty for the host
/// @param insecureSkipVerify trusts any certificate for any name
/// @param oldest version of TLS spoken
/// @param newest version of TLS spoken
public record TlsAccess(
        Optional<Secret> ca,
        Optional<Secret> cert,
        Optional<Secret> key,
        String serverName,
        boolean insecureSkipVerify,
        TlsVersion oldest,
        TlsVersion newest) {
    public static final TlsAccess DEFAULT =
            new TlsAccess(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    false,
                    TlsVersion.TLS12,
                    TlsVersion.TLS13);

    public TlsAccess {
        if (cert.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "certificate and key must be given together: certificate="
                            + (cert.isPresent() ? "given" : "absent")
                            + ", key="
                            + (key.isPresent() ? "given" : "absent"));
        }
        if (oldest.compareTo(newest) > 0) {
            throw new IllegalArgumentException(
                    "min_version must not be above max_version: min_version="
                            + oldest
                            + ", max_version="
                            + newest);
        }
    }
}
