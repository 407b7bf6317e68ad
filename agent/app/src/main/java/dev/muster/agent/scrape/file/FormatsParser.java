package dev.muster.agent.scrape.file;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads formats, histograms and names: of the whole file below `global`, or of a job.
final class FormatsParser {
    private static final String PROTOCOLS =
            "one of "
                    + Arrays.stream(ScrapeProtocol.values())
                            .map(ScrapeProtocol::configName)
                            .toList();

    private FormatsParser() {}

    static ScrapeFormats parse(YamlMap config, ScrapeFormats fallback) throws YamlException {
        boolean histograms = config.flag("scrape_native_histograms", fallback.nativeHistograms());
        NameValidation validation =
                config.value(
                        "metric_name_validation_scheme",
                        fallback.validation(),
                        "utf8 or legacy",
                        NameValidation::of);
        try {
            return new ScrapeFormats(
                    protocols(config, fallback, histograms),
                    protocol(config, "fallback_scrape_protocol").or(fallback::fallback),
                    histograms,
                    config.flag(
                            "always_scrape_classic_histograms", fallback.alwaysClassicHistograms()),
                    config.flag(
                            "convert_classic_histograms_to_nhcb",
                            fallback.convertClassicHistograms()),
                    validation,
                    escaping(config, fallback, validation),
                    config.flag("extra_scrape_metrics", fallback.extraMetrics()));
        } catch (IllegalArgumentException e) {
            throw config.error("metric_name_escaping_scheme", String.valueOf(e.getMessage()));
        }
    }

    /// Protocols that nobody chose follow what is wanted of histograms.
    private static List<ScrapeProtocol> protocols(
            YamlMap config, ScrapeFormats fallback, boolean histograms) throws YamlException {
        List<String> names = config.texts("scrape_protocols");
        if (names.isEmpty()) {
            boolean chosen =
                    !fallback.protocols().equals(ScrapeProtocol.DEFAULT)
                            && !fallback.protocols().equals(ScrapeProtocol.PROTO_FIRST);
            return chosen
                    ? fallback.protocols()
                    : histograms ? ScrapeProtocol.PROTO_FIRST : ScrapeProtocol.DEFAULT;
        }
        List<ScrapeProtocol> protocols = new ArrayList<>();
        Set<ScrapeProtocol> seen = EnumSet.noneOf(ScrapeProtocol.class);
        for (String name : names) {
            ScrapeProtocol protocol = ScrapeProtocol.named(name);
            if (protocol == null) {
                throw config.error(
                        "scrape_protocols",
                        "an entry of scrape_protocols must be "
                                + PROTOCOLS
                                + ": found="
                                + YamlMap.shown(name));
            }
            if (!seen.add(protocol)) {
                throw config.error(
                        "scrape_protocols",
                        "an entry of scrape_protocols must stand there once: found=" + name);
            }
            protocols.add(protocol);
        }
        return protocols;
    }

    private static Optional<ScrapeProtocol> protocol(YamlMap config, String key)
            throws YamlException {
        return config.value(
                key,
                Optional.empty(),
                PROTOCOLS,
                text -> Optional.ofNullable(ScrapeProtocol.named(text)).map(Optional::of));
    }

    /// Where only legacy names are taken, targets are asked to write them so.
    private static NameEscaping escaping(
            YamlMap config, ScrapeFormats fallback, NameValidation validation)
            throws YamlException {
        boolean mustEscape =
                validation == NameValidation.LEGACY
                        && fallback.escaping() == NameEscaping.ALLOW_UTF_8;
        return config.value(
                "metric_name_escaping_scheme",
                mustEscape ? NameEscaping.UNDERSCORES : fallback.escaping(),
                "allow-utf-8, underscores, dots or values",
                text -> Optional.ofNullable(NameEscaping.named(text)));
    }
}
