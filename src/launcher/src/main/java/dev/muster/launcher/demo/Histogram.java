package dev.muster.launcher.demo;

/// A request histogram with cumulative buckets, as Prometheus' text format shows one. Confined to
/// one lock of its owner.
final class Histogram {
    private static final double[] UPPER_BOUNDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };

    private final long[] counts = new long[UPPER_BOUNDS.length + 1];
    private double sum;

    void observe(double value) {
        var bucket = 0;
        while (bucket < UPPER_BOUNDS.length && value > UPPER_BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sum += value;
    }

    void write(StringBuilder into, String name, String labels) {
        var cumulative = 0L;
        for (var bucket = 0; bucket < counts.length; bucket++) {
            cumulative += counts[bucket];
            var bound =
                    bucket < UPPER_BOUNDS.length ? Double.toString(UPPER_BOUNDS[bucket]) : "+Inf";
            into.append(name + "_bucket{" + labels + ",le=\"" + bound + "\"} " + cumulative + "\n");
        }
        into.append(name + "_sum{" + labels + "} " + sum + "\n");
        into.append(name + "_count{" + labels + "} " + cumulative + "\n");
    }
}
