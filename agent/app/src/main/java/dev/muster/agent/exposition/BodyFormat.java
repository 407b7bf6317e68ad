package dev.muster.agent.exposition;

/// What a response's `Content-Type` says of its body.
public sealed interface BodyFormat {
    /// The body can be read.
    ///
    /// @param format how
    /// @param warning why the fallback of the configuration is used; empty where it is not
    record Readable(ExpositionFormat format, String warning) implements BodyFormat {}

    /// The body is not to be read: nobody knows how.
    ///
    /// @param reason what must hold and what was found
    /// @param hint what the owner of the service can do
    record Refused(String reason, String hint) implements BodyFormat {}
}
