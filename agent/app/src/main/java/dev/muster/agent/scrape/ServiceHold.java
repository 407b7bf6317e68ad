package dev.muster.agent.scrape;

/// How a service is, as concluded from its scrapes: up with the first that goes well, down with the
/// second in a row that fails or with the first that is refused. So one lost packet or one slow
/// answer tells nobody that a service is down; the series `up` has each scrape as it was.
/// Immutable.
///
/// @param known has anything been concluded yet?
/// @param up what was concluded
/// @param sinceMs when that began, Unix time: the time of the first scrape that went so
/// @param failedMs time of the first of the last failures in a row; negative if the last scrape
///   went well or there was none
public record ServiceHold(boolean known, boolean up, long sinceMs, long failedMs) {
    /// Of a service that was not looked at yet.
    public static final ServiceHold NONE = new ServiceHold(false, false, 0, -1);

    /// After a scrape.
    ///
    /// @param well whether it brought samples
    /// @param refused whether it failed since nobody listens
    ServiceHold after(boolean well, boolean refused, long tickMs) {
        if (well) {
            return new ServiceHold(true, true, known && up ? sinceMs : tickMs, -1);
        }
        boolean first = failedMs < 0;
        long beganMs = first ? tickMs : failedMs;
        if (known && !up) {
            return new ServiceHold(true, false, sinceMs, beganMs);
        }
        return first && !refused
                ? new ServiceHold(known, up, sinceMs, beganMs)
                : new ServiceHold(true, false, beganMs, beganMs);
    }
}
