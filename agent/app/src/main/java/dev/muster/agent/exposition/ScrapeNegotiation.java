package dev.muster.agent.exposition;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a scrape asks for and what it makes of the answer, as Prometheus 3 does it.
///
/// @param protocols formats asked for, the dearest first; no two the same
/// @param fallback what a body is taken for whose `Content-Type` says nothing; null where such a
///   body is refused
/// @param escaping how names that not every reader takes are asked for
public record ScrapeNegotiation(
        List<ScrapeProtocol> protocols, @Nullable ScrapeProtocol fallback, NameEscaping escaping) {
    /// What holds where nothing is configured.
    public static final ScrapeNegotiation DEFAULT =
            new ScrapeNegotiation(ScrapeProtocol.DEFAULT, null, NameEscaping.ALLOW_UTF_8);

    private static final String FALLBACK_HINT =
            "let the service send a Content-Type such as text/plain; version=0.0.4, or set"
                    + " fallback_scrape_protocol";

    public ScrapeNegotiation {
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("scrape protocols must not be empty");
        }
        if (new HashSet<>(protocols).size() < protocols.size()) {
            throw new IllegalArgumentException(
                    "scrape protocols must be unique: found="
                            + protocols.stream().map(ScrapeProtocol::configName).toList());
        }
    }

    /// The `Accept` header of a scrape, with descending weights, anything at all last.
    public String acceptHeader() {
        StringBuilder header = new StringBuilder();
        int weight = ScrapeProtocol.values().length + 1;
        for (ScrapeProtocol protocol : protocols) {
            header.append(protocol.accept(escaping)).append(";q=0.").append(weight--).append(',');
        }
        return header.append("*/*;q=0.").append(weight).toString();
    }

    /// How to read a body.
    ///
    /// @param contentType the header of the response; null where there was none
    public BodyFormat bodyFormat(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty()) {
            return fallBack("Content-Type must not be blank");
        }
        @Nullable MediaType media = MediaType.parse(contentType);
        if (media == null) {
            return fallBack("Content-Type must be a media type: found=" + shown(contentType));
        }
        @Nullable ExpositionFormat format = ExpositionFormat.ofMediaType(media.name());
        if (format == null) {
            return fallBack(
                    "Content-Type must be that of an exposition: found=" + shown(contentType));
        }
        String encoding = media.parameters().getOrDefault("encoding", "delimited");
        if (format == ExpositionFormat.PROMETHEUS_PROTOBUF && !encoding.equals("delimited")) {
            return new BodyFormat.Refused(
                    "protobuf must have the encoding delimited: found=" + shown(encoding),
                    "the other encodings of client libraries are for people to read");
        }
        return new BodyFormat.Readable(format, "");
    }

    private BodyFormat fallBack(String reason) {
        @Nullable ExpositionFormat format =
                fallback == null ? null : ExpositionFormat.ofMediaType(fallback.bareMediaType());
        if (fallback == null || format == null) {
            return new BodyFormat.Refused(
                    reason + ", and there is no fallback_scrape_protocol", FALLBACK_HINT);
        }
        return new BodyFormat.Readable(
                format, reason + ", read as fallback_scrape_protocol=" + fallback.configName());
    }

    private static String shown(String contentType) {
        return contentType.length() <= 100 ? contentType : contentType.substring(0, 100) + "…";
    }
}
