package dev.muster.federation.member;

import java.util.List;

/// One change of a host or of a service, as one agent of its cell decided it.
///
/// @param cell name of the cell
/// @param host the host
/// @param job the service's job; empty if the host itself changed
/// @param instance the service's address; empty if the host itself changed
/// @param atMs when it began: of a silence, the last sign of life; Unix time of the agent that
///   decided
/// @param decidedMs when it was decided, by the same clock; not before `atMs`
/// @param from label of the state before: of [Upness#label] for a host, of [Health#label] for a
///   service; `unknown` at first sight
/// @param to label of the state from then on
/// @param cause why; [Cause#NONE] if it is simply up
/// @param provenance who says so
/// @param witnesses the hosts whose agents saw it, sorted; empty if it was one agent's own report
/// @param version 0 at first; greater for a correction of the same host, job, instance and `atMs`:
///   the greatest holds
public record Transition(
        String cell,
        String host,
        String job,
        String instance,
        long atMs,
        long decidedMs,
        String from,
        String to,
        Cause cause,
        Provenance provenance,
        List<String> witnesses,
        long version) {
    /// Most witnesses: a cell has no more agents.
    public static final int WITNESS_LIMIT = 64;

    public Transition {
        Names.refuseBadCell(cell);
        Names.refuseBadHost(host);
        witnesses = List.copyOf(witnesses);
        if (decidedMs < atMs || version < 0) {
            throw new IllegalArgumentException(
                    "transition host="
                            + host
                            + ": it must begin before it is decided, and have a version: atMs="
                            + atMs
                            + ", decidedMs="
                            + decidedMs
                            + ", version="
                            + version);
        }
        if (witnesses.size() > WITNESS_LIMIT) {
            throw new IllegalArgumentException(
                    "transition host="
                            + host
                            + ": witnesses must be at most "
                            + WITNESS_LIMIT
                            + ": size="
                            + witnesses.size());
        }
    }

    /// Whether the host itself changed, and not a service.
    public boolean isOfHost() {
        return job.isEmpty() && instance.isEmpty();
    }
}
