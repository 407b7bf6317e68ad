package dev.muster.federation.check;

/// What a check found.
///
/// @param promise which one, a few words
/// @param checked how many cases there were; a promise without cases is neither kept nor broken
/// @param broken how many of them broke it
/// @param worst the worst case in words; empty if there was none
public record Finding(String promise, long checked, long broken, String worst) {
    /// Whether no case broke it.
    public boolean kept() {
        return broken == 0;
    }

    @Override
    public String toString() {
        String verdict = checked == 0 ? "no case" : kept() ? "kept" : "BROKEN";
        return "%-46s %-8s cases=%d broken=%d%s"
                .formatted(promise, verdict, checked, broken, worst.isEmpty() ? "" : "  " + worst);
    }
}
