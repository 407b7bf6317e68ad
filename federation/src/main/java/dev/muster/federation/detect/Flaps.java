package dev.muster.federation.detect;

import java.util.HashMap;
import java.util.Map;

/// How often the host or its services changed of late: each change counts one, and half of that is
/// forgotten each minute. Immutable.
record Flaps(Map<String, Flap> byName) {
    static final Flaps NONE = new Flaps(Map.of());

    private static final double HALF_LIFE_MS = 60_000;
    private static final double LIMIT = 4;
    private static final double FORGOTTEN = 0.1;
    private static final int SIZE_LIMIT = 64;

    private record Flap(double penalty, long atMs) {
        double at(long nowMs) {
            return penalty * Math.pow(0.5, Math.max(0, nowMs - atMs) / HALF_LIFE_MS);
        }
    }

    Flaps {
        byName = Map.copyOf(byName);
    }

    /// One more change of that name; of new names no more than 64 are remembered at a time.
    Flaps changed(String name, long nowMs) {
        Map<String, Flap> kept = new HashMap<>(byName);
        kept.values().removeIf(flap -> flap.at(nowMs) < FORGOTTEN);
        Flap before = kept.get(name);
        if (before == null && kept.size() >= SIZE_LIMIT) {
            return this;
        }
        kept.put(name, new Flap(1 + (before == null ? 0 : before.at(nowMs)), nowMs));
        return new Flaps(kept);
    }

    /// Whether any of them changes so often that single changes mean little.
    boolean isFlapping(long nowMs) {
        for (Flap flap : byName.values()) {
            if (flap.at(nowMs) > LIMIT) {
                return true;
            }
        }
        return false;
    }
}
