package dev.muster.agent.why;

/// What a port answered when it was asked.
///
/// @param outcome in one word
/// @param url that was asked last
/// @param status of the answer; 0 if there was none
/// @param contentType of the answer; empty if there was none
/// @param format of the metrics; empty if there were none
/// @param samples in the body, up to where it breaks its format
/// @param bodyBytes of the answer that were read
/// @param error what went wrong, in words; empty if nothing did
/// @param hint what the owner of the service can do about it; empty if there is nothing to say
/// @param durationNanos of the whole
public record ProbeResult(
        Outcome outcome,
        String url,
        int status,
        String contentType,
        String format,
        int samples,
        int bodyBytes,
        String error,
        String hint,
        long durationNanos) {
    /// What answered.
    public enum Outcome {
        /// Metrics.
        METRICS,
        /// Metrics that break their format.
        BROKEN_METRICS,
        /// Something that is no metrics.
        OTHER_CONTENT,
        /// A status other than 200.
        STATUS,
        /// Something that does not speak HTTP.
        NOT_HTTP,
        /// Nobody.
        REFUSED,
        /// Nobody in time.
        TIMED_OUT
    }
}
