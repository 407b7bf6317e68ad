package dev.muster.query.upnessalerts;

import dev.muster.federation.member.Place;
import dev.muster.model.labels.Labels;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Something that is amiss at one moment.
///
/// @param labels what it is, but for its severity; the same as long as it is the same trouble
/// @param annotations cause, witnesses and words for people
/// @param sinceMs when it began, Unix time of who decided it
/// @param place where the host stands that is down; [Place#NONE] if it is no host
/// @param flapping whether those who watch say that it comes and goes
/// @param completeness share of the cell that is known, 0 to 1
record Trouble(
        UpnessAlertKind kind,
        Labels labels,
        SortedMap<String, String> annotations,
        long sinceMs,
        Place place,
        boolean flapping,
        double completeness) {
    Trouble {
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    /// The host that it is of; empty if it is of more than one.
    String host() {
        return label("host");
    }

    /// The value of a label; empty if it is not there.
    String label(String name) {
        String value = labels.get(name);
        return value == null ? "" : value;
    }
}
