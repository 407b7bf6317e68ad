package dev.muster.federation.member;

/// One scraped service of an agent.
///
/// @param job the scrape job
/// @param instance the scraped address
/// @param up whether the last scrape succeeded
/// @param reason empty when up, else why not, such as `connection refused`
/// @param sinceMs when this state began, Unix time of the agent that scrapes
public record ServiceState(String job, String instance, boolean up, String reason, long sinceMs) {
    /// Longest job, instance or reason, in UTF-16 units; a longer reason is cut, a longer name
    /// refused.
    public static final int TEXT_LIMIT = 512;

    public ServiceState {
        refuseLong("job", job);
        refuseLong("instance", instance);
        if (up && !reason.isEmpty()) {
            throw new IllegalArgumentException(
                    "reason must be empty when the service is up: instance="
                            + instance
                            + ", reason="
                            + reason);
        }
        if (!up && reason.isEmpty()) {
            throw new IllegalArgumentException(
                    "reason must be given when the service is down: instance=" + instance);
        }
        if (reason.length() > TEXT_LIMIT) {
            reason = reason.substring(0, TEXT_LIMIT);
        }
    }

    /// The service in the same place, down for another reason.
    public ServiceState downBecause(String why, long fromMs) {
        return new ServiceState(job, instance, false, why, fromMs);
    }

    private static void refuseLong(String name, String value) {
        if (value.length() > TEXT_LIMIT) {
            throw new IllegalArgumentException(
                    name
                            + " must be at most "
                            + TEXT_LIMIT
                            + " characters: length="
                            + value.length());
        }
    }
}
