package dev.muster.federation.member;

/// Where an agent's host stands. What is not told is empty.
///
/// @param zone what fails as one: a hall, an availability zone
/// @param rack what hangs on one switch and one fuse in the zone
public record Place(String zone, String rack) {
    /// Longest zone or rack.
    public static final int NAME_LIMIT = 253;

    /// Nothing told.
    public static final Place NONE = new Place("", "");

    public Place {
        refuseBad("zone", zone);
        refuseBad("rack", rack);
    }

    /// Whether both are known to hang on the same switch.
    public boolean sharesRackWith(Place other) {
        return !rack.isEmpty() && rack.equals(other.rack) && zone.equals(other.zone);
    }

    private static void refuseBad(String what, String name) {
        if (name.length() > NAME_LIMIT || Names.hasControl(name)) {
            throw new IllegalArgumentException(
                    what
                            + " must be at most "
                            + NAME_LIMIT
                            + " characters without control characters: found="
                            + name);
        }
    }
}
