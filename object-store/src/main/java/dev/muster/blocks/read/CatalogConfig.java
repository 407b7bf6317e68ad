package dev.muster.blocks.read;

import java.time.Duration;

/// Which blocks a catalog looks for.
///
/// @param history how far back blocks are looked for; at least 1 day
/// @param fresh days that are listed at each refresh, counted back from today; older days are
///   listed in turn. 1 to 30
/// @param olderDaysPerRefresh older days listed at each refresh; at least 1
/// @param entriesLimit most blocks remembered; of more the oldest are left out
public record CatalogConfig(
        Duration history, int fresh, int olderDaysPerRefresh, int entriesLimit) {
    /// 31 days, of which 2 at each refresh, and 1 million blocks.
    public static final CatalogConfig DEFAULT =
            new CatalogConfig(Duration.ofDays(31), 2, 2, 1_000_000);

    public CatalogConfig {
        if (history.toDays() < 1 || history.toDays() > 36_500) {
            throw new IllegalArgumentException(
                    "catalog: history must be within 1 and 36500 days: found=" + history);
        }
        if (fresh < 1 || fresh > 30) {
            throw new IllegalArgumentException(
                    "catalog: fresh days must be within 1 and 30: found=" + fresh);
        }
        if (olderDaysPerRefresh < 1) {
            throw new IllegalArgumentException(
                    "catalog: older days per refresh must be at least 1: found="
                            + olderDaysPerRefresh);
        }
        if (entriesLimit < 1) {
            throw new IllegalArgumentException(
                    "catalog: entries limit must be at least 1: found=" + entriesLimit);
        }
    }
}
