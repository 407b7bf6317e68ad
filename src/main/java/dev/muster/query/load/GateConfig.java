package dev.muster.query.load;

import java.util.EnumMap;
import java.util.Map;

/// How turns are given.
///
/// @param places most queries that read at one time
/// @param classes what each class may take
public record GateConfig(int places, Map<Priority, Share> classes) {
    /// What a class may take.
    ///
    /// @param maxConcurrent most queries of this class and those less urgent that read at one time;
    ///   what is left of all places stays free for the more urgent
    /// @param maxWaiting most queries of this class that wait
    /// @param weight turns of this class for one of another of weight 1, while both wait
    public record Share(int maxConcurrent, int maxWaiting, int weight) {
        public Share {
            if (maxConcurrent < 1 || maxWaiting < 0 || weight < 1 || weight > 1_000) {
                throw new IllegalArgumentException(
                        "share of a class: must be positive, weight at most 1000: max-concurrent="
                                + maxConcurrent
                                + ", max-waiting="
                                + maxWaiting
                                + ", weight="
                                + weight);
            }
        }
    }

    public GateConfig {
        if (places < 1) {
            throw new IllegalArgumentException(
                    "max-concurrent must be positive: max-concurrent=" + places);
        }
        for (Priority priority : Priority.ALL) {
            Share share = classes.get(priority);
            if (share == null || share.maxConcurrent() > places) {
                throw new IllegalArgumentException(
                        "class must have a share of the places: class="
                                + priority.text()
                                + ", places="
                                + places
                                + ", share="
                                + share);
            }
        }
        classes = Map.copyOf(classes);
    }

    /// Shares as they are by default: a fifth of the places is for rules alone, and those less
    /// urgent than dashboards get no more than half of them.
    public static GateConfig of(int places, int maxWaiting) {
        Map<Priority, Share> classes = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.ALL) {
            classes.put(priority, defaultShare(priority, places, maxWaiting));
        }
        return new GateConfig(places, classes);
    }

    /// What a class may take by default.
    public static Share defaultShare(Priority priority, int places, int maxWaiting) {
        return switch (priority) {
            case RULES -> new Share(places, maxWaiting, 16);
            case DASHBOARD -> new Share(Math.max(1, places - (places + 4) / 5), maxWaiting, 4);
            case AD_HOC -> new Share(Math.max(1, places / 2), maxWaiting, 1);
        };
    }

    Share share(Priority priority) {
        Share share = classes.get(priority);
        if (share == null) {
            throw new IllegalStateException("class without a share: " + priority);
        }
        return share;
    }
}
