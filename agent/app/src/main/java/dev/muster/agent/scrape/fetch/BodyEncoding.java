package dev.muster.agent.scrape.fetch;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a body is compressed.
public enum BodyEncoding {
    IDENTITY,
    GZIP,
    ZSTD,
    /// One block, or the framed format, which begins as no block does. For what is pushed: servers
    /// that are scraped have no such answers.
    SNAPPY;

    /// What a job asks for that takes compressed bodies. Servers that have both choose gzip, as
    /// nearly all do, so that the library for the other is loaded only where it is needed.
    static final String ACCEPTED = "gzip, zstd;q=0.5";

    /// Of the value of a `Content-Encoding`.
    ///
    /// @throws FetchException if it is none of these
    static BodyEncoding of(@Nullable String contentEncoding) throws FetchException {
        if (contentEncoding == null) {
            return IDENTITY;
        }
        return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default ->
                    throw new FetchException(
                            FetchFault.ENCODING,
                            "content encoding must be gzip, zstd or identity: found="
                                    + shown(contentEncoding));
        };
    }

    /// Of the value of a `Content-Encoding` of something pushed; empty if it is none of these.
    public static Optional<BodyEncoding> ofPushed(String contentEncoding) {
        return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Optional.of(IDENTITY);
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "zstd" -> Optional.of(ZSTD);
            case "snappy", "x-snappy-framed" -> Optional.of(SNAPPY);
            default -> Optional.empty();
        };
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
