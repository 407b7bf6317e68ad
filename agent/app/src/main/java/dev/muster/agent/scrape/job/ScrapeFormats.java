package dev.muster.agent.scrape.job;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.exposition.ScrapeNegotiation;
import dev.muster.agent.exposition.ScrapeProtocol;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// In which formats a job's targets are asked, and what becomes of their histograms and names.
///
/// @param protocols asked for, the best first; never empty
/// @param fallback for a body whose `Content-Type` is absent or not known; without it such a body
///   is refused
/// @param nativeHistograms native histograms are taken; otherwise only their classic form
/// @param alwaysClassicHistograms the classic form of a native histogram is taken, too
/// @param convertClassicHistograms classic histograms become native ones with custom buckets
/// @param validation names that are taken
/// @param escaping how the target is asked to write other names
/// @param extraMetrics series that tell of the scrape's timeout, limits and body size are written
public record ScrapeFormats(
        List<ScrapeProtocol> protocols,
        Optional<ScrapeProtocol> fallback,
        boolean nativeHistograms,
        boolean alwaysClassicHistograms,
        boolean convertClassicHistograms,
        NameValidation validation,
        NameEscaping escaping,
        boolean extraMetrics) {
    public static final ScrapeFormats DEFAULT =
            new ScrapeFormats(
                    ScrapeProtocol.DEFAULT,
                    Optional.empty(),
                    false,
                    false,
                    false,
                    NameValidation.UTF8,
                    NameEscaping.ALLOW_UTF_8,
                    false);

    /// Nothing of what was left here is passed over.
    public static final ScrapeFormats KEPT =
            new ScrapeFormats(
                    ScrapeProtocol.DEFAULT,
                    Optional.empty(),
                    true,
                    true,
                    false,
                    NameValidation.UTF8,
                    NameEscaping.ALLOW_UTF_8,
                    false);

    public ScrapeFormats {
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty() || new HashSet<>(protocols).size() < protocols.size()) {
            throw new IllegalArgumentException(
                    "scrape protocols must be at least one and each only once: found="
                            + protocols.stream().map(ScrapeProtocol::configName).toList());
        }
        if (validation == NameValidation.LEGACY && escaping == NameEscaping.ALLOW_UTF_8) {
            throw new IllegalArgumentException(
                    "names in UTF-8 must not be asked for where only legacy names are taken:"
                            + " metric_name_validation_scheme=legacy,"
                            + " metric_name_escaping_scheme=allow-utf-8");
        }
    }

    /// The same, but a body whose `Content-Type` is absent or not known is taken for `other`.
    public ScrapeFormats withFallback(ScrapeProtocol other) {
        return new ScrapeFormats(
                protocols,
                Optional.of(other),
                nativeHistograms,
                alwaysClassicHistograms,
                convertClassicHistograms,
                validation,
                escaping,
                extraMetrics);
    }

    /// What a scrape asks for, and what it makes of the answer.
    public ScrapeNegotiation negotiation() {
        return new ScrapeNegotiation(protocols, fallback.orElse(null), escaping);
    }
}
