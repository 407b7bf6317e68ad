package dev.muster.federation.detect;

/// What the detector counts.
public enum Count {
    /// Beats sent.
    BEATS_SENT,
    /// Beats of others heard.
    BEATS_HEARD,
    /// Beats of others that never came, by their numbers.
    BEATS_LOST,
    /// Reports sent.
    REPORTS_SENT,
    /// Reports of others taken over.
    REPORTS_HEARD,
    /// Times a missed report was asked for.
    ASKS,
    /// Probes sent.
    PROBES,
    /// Times this process stood still.
    PAUSES,
    /// Beats of another process under this host's name.
    CONFLICTS,
    /// Agents refused because the cell is full.
    OVER_LIMIT,
    /// Times this agent took over from another.
    TAKEOVERS,
    /// Words of others that took over, heard.
    TAKEN_HEARD,
    /// Changes told to history.
    TRANSITIONS,
    /// Beats sent by the bus, for those whom datagrams do not reach.
    BUS_BEATS,
    /// Reports passed on for agents that are down.
    RELAYS,
    /// Beats of hosts that nobody has named yet.
    STRANGERS,
    /// Beats that may be older than this run, of hosts that were not heard in it before.
    UNPROVEN
}
