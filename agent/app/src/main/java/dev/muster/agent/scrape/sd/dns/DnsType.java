package dev.muster.agent.scrape.sd.dns;

import java.util.Locale;
import java.util.Optional;

/// Types of records that can name targets.
public enum DnsType {
    A(1),
    NS(2),
    MX(15),
    AAAA(28),
    SRV(33);

    final int code;

    DnsType(int code) {
        this.code = code;
    }

    /// The type of that name in any case.
    public static Optional<DnsType> of(String text) {
        String wanted = text.toUpperCase(Locale.ROOT);
        for (DnsType type : values()) {
            if (type.name().equals(wanted)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
