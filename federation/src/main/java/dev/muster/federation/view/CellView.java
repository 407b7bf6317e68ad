package dev.muster.federation.view;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.Names;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A whole cell, as one of its agents sees it at one moment. Immutable.
///
/// @param cell name of the cell
/// @param observer host of the agent whose view this is
/// @param version grows with each change of a member's state, within one run of the observer
/// @param members all members known, the observer among them, sorted by host, no host twice
/// @param degraded whether the observer's bus is broken, or it sees some member only by probing it
/// @param observerIncarnation the run of the observer that `version` counts in
/// @param settled whether the observer has listened long enough to say of a member that it is *not*
///   there; an observer that has just started has not
/// @param atMs when the view was taken, Unix time of the observer
public record CellView(
        String cell,
        String observer,
        long version,
        List<Member> members,
        boolean degraded,
        long observerIncarnation,
        boolean settled,
        long atMs) {
    public CellView {
        Names.refuseBadCell(cell);
        Names.refuseBadHost(observer);
        if (version < 0 || observerIncarnation < 0) {
            throw new IllegalArgumentException(
                    "view observer="
                            + observer
                            + ": numbers must not be negative: version="
                            + version
                            + ", observerIncarnation="
                            + observerIncarnation);
        }
        members = members.stream().sorted(Comparator.comparing(Member::host)).toList();
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i - 1).host().equals(members.get(i).host())) {
                throw new IllegalArgumentException(
                        "view observer="
                                + observer
                                + ": host must be unique: host="
                                + members.get(i).host());
            }
        }
    }

    /// The member of that host.
    public Optional<Member> member(String host) {
        return members.stream().filter(member -> member.host().equals(host)).findFirst();
    }

    /// How many members are up.
    public int membersUp() {
        return Math.toIntExact(members.stream().filter(Member::isUp).count());
    }
}
