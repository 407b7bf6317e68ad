package dev.muster.federation.directory;

import java.util.Optional;

/// When a cell says in the directory what it sees of another. Pure.
public final class WatchSpeaker {
    /// Rounds without a sign of life before a cell is called silent: one lost packet is nothing.
    public static final int SILENT_ROUNDS = 2;

    /// What is in doubt is said anew so often: within [CrossWatch#FRESH_MS].
    static final long DOUBT_MS = 5_000;

    private WatchSpeaker() {}

    /// Whether to speak.
    ///
    /// @param now what is seen
    /// @param said what the directory has of that
    /// @param saidMs since that was said
    /// @param disputed whether some watcher of that cell says it is silent
    public static boolean shouldSpeak(
            WatchResult now, Optional<WatchResult> said, long saidMs, boolean disputed) {
        if (said.isEmpty() || !now.sameAs(said.get())) {
            return true;
        }
        boolean doubt = disputed || now.silent() || now.probedRow() != 0;
        return saidMs >= (doubt ? DOUBT_MS : CellSpeaker.REFRESH_MS);
    }
}
