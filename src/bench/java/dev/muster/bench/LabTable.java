package dev.muster.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What was measured, by row and product; several rounds of a row are summed up.
final class LabTable {
    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

    /// Takes in a figure, and tells it at once.
    void put(String what, LabFleet fleet, String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        FederationLab.note("%s: %s: %s", fleet.name(), what, text);
        rows.computeIfAbsent(what, _ -> new LinkedHashMap<>())
                .merge(fleet.name(), text, (a, b) -> a + ", " + b);
    }

    void print(int agents) {
        System.out.printf(
                "| %d agents, times in s | Muster | Serf | Serf / Muster |%n|---|---|---|---|%n",
                agents);
        rows.forEach((what, by) -> {
            String muster = summary(by.getOrDefault("Muster", ""));
            String serf = summary(by.getOrDefault("Serf", ""));
            System.out.printf("| %s | %s | %s | %s |%n", what, muster, serf, ratio(by));
        });
    }

    /// Several rounds as median and highest.
    private static String summary(String values) {
        String[] each = values.split(", ");
        if (each.length < 2 || !Arrays.stream(each).allMatch(v -> v.matches("[0-9.]+"))) {
            return Arrays.stream(each).distinct().collect(Collectors.joining(", "));
        }
        double[] sorted = Arrays.stream(each).mapToDouble(Double::parseDouble).sorted().toArray();
        boolean whole = Arrays.stream(each).allMatch(v -> v.matches("[0-9]+"));
        return whole
                ? String.format(Locale.ROOT, "%.0f", Arrays.stream(sorted).sum())
                : String.format(
                        Locale.ROOT,
                        "%.2f, highest %.2f",
                        sorted[sorted.length / 2],
                        sorted[sorted.length - 1]);
    }

    private static String ratio(Map<String, String> by) {
        double muster = median(by.get("Muster"));
        double serf = median(by.get("Serf"));
        return muster > 0 && serf > 0 ? String.format(Locale.ROOT, "%.1f", serf / muster) : "";
    }

    private static double median(String values) {
        if (values == null || !values.matches("[0-9. ,]+ ?[a-zA-Z%/]*")) {
            return 0;
        }
        double[] sorted =
                Arrays.stream(values.split(", "))
                        .mapToDouble(v -> Double.parseDouble(v.replaceAll("[^0-9.]", "")))
                        .sorted()
                        .toArray();
        return sorted[sorted.length / 2];
    }
}
