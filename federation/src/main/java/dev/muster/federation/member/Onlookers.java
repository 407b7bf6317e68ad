package dev.muster.federation.member;

import java.util.List;

/// Which agents have to do with a host that is lost.
///
/// @param witnesses hosts whose agents agreed when it was found down; of a cell that was found dead
///   by others, those cells
/// @param takers hosts whose agents look after its services
public record Onlookers(List<String> witnesses, List<String> takers) {
    /// Nobody.
    public static final Onlookers NONE = new Onlookers(List.of(), List.of());

    /// Most of either: a cell has no more agents.
    public static final int LIMIT = 64;

    public Onlookers {
        witnesses = List.copyOf(witnesses);
        takers = List.copyOf(takers);
        if (witnesses.size() > LIMIT || takers.size() > LIMIT) {
            throw new IllegalArgumentException(
                    "onlookers must be at most "
                            + LIMIT
                            + ": witnesses="
                            + witnesses.size()
                            + ", takers="
                            + takers.size());
        }
    }

    /// Those of a host that is so now.
    Onlookers of(Upness upness) {
        return switch (upness) {
            case Upness.Down _ -> this;
            case Upness.Suspect _ -> takers.isEmpty() ? NONE : new Onlookers(List.of(), takers);
            case Upness.Up _, Upness.Left _, Upness.Unknown _ -> NONE;
        };
    }
}
