package dev.muster.federation.member;

/// One service of a host, as it holds now.
///
/// @param job the scrape job
/// @param instance the scraped address
/// @param health how it is
/// @param provenance who says so
/// @param reason empty when up, else why not, such as `connection refused`
/// @param sinceMs when this health began, Unix time of the agent that says so
public record ServiceState(
        String job,
        String instance,
        Health health,
        Provenance provenance,
        String reason,
        long sinceMs) {
    /// Longest job, instance or reason, in UTF-16 units; a longer reason is cut, a longer name
    /// refused.
    public static final int TEXT_LIMIT = 512;

    public ServiceState {
        refuseLong("job", job);
        refuseLong("instance", instance);
        if (health == Health.UP && !reason.isEmpty()) {
            throw new IllegalArgumentException(
                    "reason must be empty when the service is up: instance="
                            + instance
                            + ", reason="
                            + reason);
        }
        if (health != Health.UP && reason.isEmpty()) {
            throw new IllegalArgumentException(
                    "reason must be given when the service is not up: instance=" + instance);
        }
        if (reason.length() > TEXT_LIMIT) {
            reason = reason.substring(0, TEXT_LIMIT);
        }
    }

    /// A service as its own agent sees it.
    ///
    /// @param reason empty when up
    public static ServiceState own(
            String job, String instance, boolean up, String reason, long sinceMs) {
        Health health = up ? Health.UP : Health.DOWN;
        return new ServiceState(job, instance, health, Provenance.OWN, reason, sinceMs);
    }

    /// A service as a peer that took over sees it.
    ///
    /// @param reason empty when up
    public static ServiceState peer(
            String job, String instance, Health health, String reason, long sinceMs) {
        return new ServiceState(job, instance, health, Provenance.PEER, reason, sinceMs);
    }

    /// Whether it answers.
    public boolean up() {
        return health == Health.UP;
    }

    /// The same service in another state.
    public ServiceState as(Health other, Provenance by, String why, long fromMs) {
        return new ServiceState(job, instance, other, by, why, fromMs);
    }

    /// The same service, of which nobody can say how it is.
    public ServiceState unknownBecause(String why, long fromMs) {
        return as(Health.UNKNOWN, Provenance.NONE, why, fromMs);
    }

    /// Whether both are of one service.
    public boolean isOfSameService(ServiceState other) {
        return instance.equals(other.instance) && job.equals(other.job);
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
