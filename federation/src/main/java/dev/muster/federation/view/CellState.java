package dev.muster.federation.view;

import dev.muster.federation.member.Member;
import java.util.List;

/// One cell in the fleet, merged from the views of its observers.
///
/// @param cell name of the cell
/// @param members all members, sorted by host; those nobody tells about are
///   [dev.muster.federation.member.Upness.Unknown]
/// @param observers the agents whose fresh views were merged, sorted
/// @param coverage share of the members, 0 to 1, whose state stands on a fresh view
/// @param ageMs time since the youngest view arrived
/// @param degraded whether an observer says that its cell's bus is broken
public record CellState(
        String cell,
        List<Member> members,
        List<String> observers,
        double coverage,
        long ageMs,
        boolean degraded) {
    public CellState {
        members = List.copyOf(members);
        observers = List.copyOf(observers);
    }

    /// Whether no observer has been heard lately: nothing is known, which is not the same as down.
    public boolean stale() {
        return observers.isEmpty();
    }
}
