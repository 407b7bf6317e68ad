package dev.muster.agent.scrape.append;

/// What kind of thing went wrong with a scrape. Stable: metrics and answers name it.
public enum FaultKind {
    /// No body came: the address, the connection, TLS, the status, a redirect, the time.
    FETCH,
    /// The body is larger than `body_size_limit`, or than the memory for bodies.
    BODY_LIMIT,
    /// The body's encoding is unknown or damaged.
    ENCODING,
    /// The body breaks a rule of its format.
    PARSE,
    /// `sample_limit` was passed.
    SAMPLE_LIMIT,
    /// `label_limit`, `label_name_length_limit` or `label_value_length_limit` was passed.
    LABEL_LIMIT,
    /// `native_histogram_bucket_limit` was passed.
    BUCKET_LIMIT,
    /// A series has no name, or one that is not taken, once it is relabelled.
    NO_NAME,
    /// The target is gone.
    REMOVED
}
