package dev.muster.federation.directory;

import dev.muster.federation.member.Names;

/// What one cell sees of another that it watches.
///
/// @param cell the cell that is watched
/// @param watcher the cell that watches
/// @param watcherZone where that one is
/// @param asked agents of the watched cell that were asked, in the last round
/// @param reachable how many of them gave a sign of life
/// @param healthy whether the watcher may be believed: it has a quorum of its own, and reached some
///   third cell in the last seconds
/// @param rosterHash of the hosts that the bits of the rows stand for; 0 for no rows
/// @param probedRow bit *i* is set where the *i*-th host of that roster was asked itself
/// @param silentRow bit *i* is set where it gave no sign of life at all, not even a refusal
/// @param atMs when, Unix time of the watcher: to be shown, not compared
/// @param version which saying this is
public record WatchResult(
        String cell,
        String watcher,
        String watcherZone,
        int asked,
        int reachable,
        boolean healthy,
        int rosterHash,
        long probedRow,
        long silentRow,
        long atMs,
        Version version)
        implements DirectoryItem {
    public WatchResult {
        Names.refuseBadCell(cell);
        Names.refuseBadCell(watcher);
        if (asked < 0 || reachable < 0 || reachable > asked || asked > 255) {
            throw new IllegalArgumentException(
                    "watch result cell="
                            + cell
                            + " watcher="
                            + watcher
                            + ": reachable must be at most those asked: asked="
                            + asked
                            + ", reachable="
                            + reachable);
        }
        if ((silentRow & ~probedRow) != 0) {
            throw new IllegalArgumentException(
                    "watch result cell="
                            + cell
                            + " watcher="
                            + watcher
                            + ": only hosts that were asked can be silent");
        }
    }

    /// The key of a cell's watch over another.
    static String key(String cell, String watcher) {
        return cell + '\0' + watcher;
    }

    @Override
    public String key() {
        return key(cell, watcher);
    }

    /// Whether agents were asked, and none gave a sign of life.
    public boolean silent() {
        return asked > 0 && reachable == 0;
    }

    /// Whether it says the same of the cell, whenever and by whomever of the watcher.
    public boolean sameAs(WatchResult other) {
        return new WatchResult(
                        cell,
                        watcher,
                        watcherZone,
                        asked,
                        reachable,
                        healthy,
                        rosterHash,
                        probedRow,
                        silentRow,
                        other.atMs,
                        other.version)
                .equals(other);
    }
}
