package dev.muster.blocks.alerts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Rows for tests.
public final class AlertRows {
    /// A time at which a window begins.
    public static final long T = 1_795_348_800_000L;

    private AlertRows() {}

    /// A disk that fills, is told of, acknowledged and cleared.
    public static List<AlertRow> disk() {
        var labels =
                new TreeMap<>(
                        Map.of("alertname", "DiskFull", "severity", "critical", "host", "web-1"));
        var words = new TreeMap<>(Map.of("summary", "disk of web-1 is full"));
        long print = 0xfedcba9876543210L;
        var group = new TreeMap<>(Map.of("alertname", "DiskFull"));
        String key = "{}:{alertname=\"DiskFull\"}";
        return List.of(
                new AlertRow.Transition(
                        T + 1_000,
                        AlertRow.State.PENDING,
                        print,
                        labels,
                        words,
                        T + 1_000,
                        0.96,
                        1,
                        "",
                        "http://q/graph"),
                new AlertRow.Transition(
                        T + 61_000,
                        AlertRow.State.FIRING,
                        print,
                        labels,
                        words,
                        T + 61_000,
                        0.97,
                        0.75,
                        "",
                        "http://q/graph"),
                new AlertRow.Notified(
                        T + 71_250,
                        "q1",
                        AlertRow.Outcome.DELIVERED,
                        key,
                        group,
                        "oncall",
                        "webhook",
                        0,
                        List.of(print, 7L),
                        List.of(),
                        2,
                        true,
                        250,
                        ""),
                new AlertRow.Silenced(
                        T + 80_000,
                        "q2",
                        AlertRow.Change.CREATED,
                        "s-1",
                        true,
                        List.of("alertname=\"DiskFull\"", "host=~\"web-.*\""),
                        T + 80_000,
                        T + 7_280_000,
                        "jo",
                        "ack: looking at it"),
                new AlertRow.Transition(
                        T + 600_000,
                        AlertRow.State.RESOLVED,
                        print,
                        labels,
                        words,
                        T + 61_000,
                        Double.NaN,
                        Double.NaN,
                        "",
                        ""),
                new AlertRow.Notified(
                        T + 610_000,
                        "q1",
                        AlertRow.Outcome.REJECTED,
                        key,
                        group,
                        "oncall",
                        "slack",
                        1,
                        List.of(),
                        List.of(print),
                        1,
                        false,
                        12,
                        "unexpected status code 404"),
                new AlertRow.Silenced(
                        T + 700_000,
                        "",
                        AlertRow.Change.EXPIRED,
                        "s-1",
                        true,
                        List.of("alertname=\"DiskFull\"", "host=~\"web-.*\""),
                        T + 80_000,
                        T + 700_000,
                        "jo",
                        "ack: looking at it"));
    }

    /// Rows of a window of two hours.
    public static List<AlertRow> random(Random random) {
        List<AlertRow> rows = new ArrayList<>();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            long atMs = T + random.nextInt(7_200_000);
            var labels = new TreeMap<String, String>();
            for (int j = random.nextInt(4); j > 0; j--) {
                labels.put("name" + random.nextInt(9), "ä".repeat(random.nextInt(3)) + i);
            }
            rows.add(
                    switch (random.nextInt(3)) {
                        case 0 ->
                                new AlertRow.Transition(
                                        atMs,
                                        AlertRow.State.values()[random.nextInt(4)],
                                        random.nextLong(),
                                        labels,
                                        new TreeMap<>(),
                                        atMs - random.nextInt(1_000),
                                        random.nextBoolean() ? random.nextDouble() : Double.NaN,
                                        random.nextBoolean() ? random.nextDouble() : Double.NaN,
                                        random.nextBoolean() ? "rack_down" : "",
                                        "");
                        case 1 ->
                                new AlertRow.Notified(
                                        atMs,
                                        "q" + random.nextInt(3),
                                        AlertRow.Outcome.values()[random.nextInt(4)],
                                        "{}:{}",
                                        labels,
                                        "r",
                                        "webhook",
                                        random.nextInt(3),
                                        random.longs(random.nextInt(4)).boxed().toList(),
                                        random.longs(random.nextInt(4)).boxed().toList(),
                                        random.nextInt(4),
                                        random.nextBoolean(),
                                        random.nextInt(5_000),
                                        "");
                        default ->
                                new AlertRow.Silenced(
                                        atMs,
                                        random.nextBoolean() ? "q1" : "",
                                        AlertRow.Change.values()[random.nextInt(3)],
                                        "s" + i,
                                        random.nextBoolean(),
                                        List.of("a=\"b\""),
                                        atMs,
                                        atMs + random.nextInt(1_000),
                                        "jo",
                                        "why");
                    });
        }
        return rows;
    }
}
