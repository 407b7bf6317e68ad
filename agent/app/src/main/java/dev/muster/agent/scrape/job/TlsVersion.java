package dev.muster.agent.scrape.job;

import java.util.Optional;

/// Versions of TLS, from old to new.
public enum TlsVersion {
    TLS10("TLSv1"),
    TLS11("TLSv1.1"),
    TLS12("TLSv1.2"),
    TLS13("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    /// How the JDK names it.
    public String protocol() {
        return protocol;
    }

    /// How configuration files write it: `TLS12`; empty if it is none.
    public static Optional<TlsVersion> of(String text) {
        for (TlsVersion version : values()) {
            if (version.name().equals(text)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }
}
