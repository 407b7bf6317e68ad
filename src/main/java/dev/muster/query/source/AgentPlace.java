package dev.muster.query.source;

import java.net.URI;
import java.util.Optional;

/// An agent that may hold data which no block has yet.
///
/// @param cell its cell
/// @param host its host, unique in the cell
/// @param url where it is asked, without a path
/// @param absence why it cannot be asked now; empty for an agent that is thought to live
/// @param incarnation its run; -1 if that is not known
public record AgentPlace(
        String cell, String host, URI url, Optional<Absence> absence, long incarnation) {
    /// An agent of which the run is not known.
    public AgentPlace(String cell, String host, URI url, Optional<Absence> absence) {
        this(cell, host, url, absence, -1);
    }

    /// Why an agent cannot be asked.
    ///
    /// @param cause in words, such as `unreachable`
    /// @param sinceMs since when, Unix time of the agent that saw it
    /// @param collects whether it may still collect samples there, out of reach
    public record Absence(String cause, long sinceMs, boolean collects) {}
}
