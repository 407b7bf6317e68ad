package dev.muster.query.upnessalerts;

import dev.muster.federation.member.Place;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds racks of which more than half is down.
final class Racks {
    private static final int HOSTS_MIN = 3;

    private Racks() {}

    /// The racks that are down, by place.
    ///
    /// @param cells of the fleet; a rack may hold hosts of several
    static Map<Place, Trouble> down(Collection<CellTroubles> cells) {
        Map<Place, List<Trouble>> down = new HashMap<>();
        for (CellTroubles cell : cells) {
            for (Trouble trouble : cell.troubles()) {
                if (!trouble.place().rack().isEmpty()) {
                    down.computeIfAbsent(trouble.place(), _ -> new ArrayList<>()).add(trouble);
                }
            }
        }
        Map<Place, Trouble> racks = new HashMap<>();
        down.forEach((place, troubles) -> {
            if (troubles.size() < HOSTS_MIN) {
                return;
            }
            int all = Math.max(troubles.size(), hosts(place, cells));
            if (troubles.size() * 2 > all) {
                racks.put(place, rack(place, troubles, all));
            }
        });
        return racks;
    }

    /// Counted only for a rack with enough trouble: this is looked at often.
    private static int hosts(Place place, Collection<CellTroubles> cells) {
        return cells.stream().mapToInt(cell -> cell.racks().getOrDefault(place, 0)).sum();
    }

    private static Trouble rack(Place place, List<Trouble> down, int all) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("alertname", UpnessAlertKind.RACK_DOWN.alertName());
        labels.put("rack", place.rack());
        if (!place.zone().isEmpty()) {
            labels.put("zone", place.zone());
        }
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put(
                "summary",
                "rack " + place.rack() + ": " + down.size() + " of " + all + " hosts are down");
        annotations.put("cause", "rack down");
        annotations.put(
                "hosts", CellTroubles.names(down.stream().map(Trouble::host).sorted().toList()));
        annotations.put("witnesses", down.getFirst().annotations().getOrDefault("witnesses", ""));
        return new Trouble(
                UpnessAlertKind.RACK_DOWN,
                Labels.of(labels),
                annotations,
                down.stream().mapToLong(Trouble::sinceMs).min().orElse(0),
                Place.NONE,
                false,
                down.stream().mapToDouble(Trouble::completeness).min().orElse(1));
    }
}
