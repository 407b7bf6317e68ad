package dev.muster.blocks.upness;

/// A span of a target's history in which nothing changes.
///
/// @param fromMs first millisecond, Unix time
/// @param untilMs first millisecond after it; after `fromMs`
/// @param state how it was
/// @param cause why, lower case; empty if it was simply up; `not_logged` where nobody logged
/// @param provenance by whom it is known
/// @param zone of the host; empty if not told
/// @param rack of the host; empty if not told
public record UpnessSpan(
        long fromMs,
        long untilMs,
        UpnessState state,
        String cause,
        UpnessProvenance provenance,
        String zone,
        String rack) {
    /// Why nothing is known where nobody logged.
    public static final String NOT_LOGGED = "not_logged";

    public UpnessSpan {
        if (untilMs <= fromMs) {
            throw new IllegalArgumentException(
                    "upness span must not be empty: fromMs=" + fromMs + ", untilMs=" + untilMs);
        }
    }

    /// Whether the other says the same.
    boolean saysAs(UpnessSpan other) {
        return state == other.state
                && provenance == other.provenance
                && cause.equals(other.cause)
                && zone.equals(other.zone)
                && rack.equals(other.rack);
    }

    UpnessSpan until(long ms) {
        return new UpnessSpan(fromMs, ms, state, cause, provenance, zone, rack);
    }
}
