package dev.muster.yaml;

import java.util.Collection;
import java.util.Optional;

/// Finds the key that was meant where another stands.
final class NearestKey {
    private NearestKey() {}

    /// The known key with the fewest differences, if they are few enough to mean it.
    static Optional<String> of(String found, Collection<String> known) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String key : known) {
            int differences = differences(found, key);
            if (differences < fewest && differences <= Math.max(2, key.length() / 3)) {
                fewest = differences;
                best = key;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /// Letters to insert, remove or change (Levenshtein).
    private static int differences(String one, String other) {
        if (Math.abs(one.length() - other.length()) > other.length()) {
            return Integer.MAX_VALUE;
        }
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[before.length];
            now[0] = i;
            for (int j = 1; j < now.length; j++) {
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(before[j - 1] + change, Math.min(before[j] + 1, now[j - 1] + 1));
            }
            before = now;
        }
        return before[other.length()];
    }
}
