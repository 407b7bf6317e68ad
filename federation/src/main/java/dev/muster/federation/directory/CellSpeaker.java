package dev.muster.federation.directory;

import dev.muster.federation.assign.Rendezvous;
import java.util.List;
import java.util.Optional;

/// When an agent speaks for its cell in the directory. Pure.
public final class CellSpeaker {
    /// What has not changed is said anew after this time, so that it is not forgotten.
    public static final long REFRESH_MS = 120_000;

    /// Changes of a cell are not said more often.
    static final long STEP_MS = 2_000;

    /// The agents of a cell that may speak for it: the first by rank, then the next if that one
    /// does not.
    static final long PATIENCE_MS = 3_000;

    private CellSpeaker() {}

    /// The agents that stand for a cell in the fleet, of those that are up: the first three of the
    /// cell's ranking.
    public static List<String> speakers(String cell, List<String> up) {
        return Rendezvous.rank(cell, up).stream().limit(CellEntry.CONTACT_LIMIT).toList();
    }

    /// What the agent should say now.
    ///
    /// @param rank its place among the speakers
    /// @param now how its cell is, as it sees it; the version does not count
    /// @param said what the directory says of it
    /// @param saidMs since that was said
    /// @param differsMs since what it sees differs from that; 0 if it does not
    public static boolean shouldSpeak(
            int rank, CellEntry now, Optional<CellEntry> said, long saidMs, long differsMs) {
        long patience = rank * PATIENCE_MS;
        if (said.isEmpty()) {
            return differsMs >= patience;
        }
        if (now.sameAs(said.get())) {
            return saidMs >= REFRESH_MS + patience;
        }
        return differsMs >= patience && saidMs >= STEP_MS;
    }
}
