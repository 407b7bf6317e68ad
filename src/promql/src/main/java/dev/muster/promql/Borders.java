package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;

/// The samples of an anchored or smoothed range vector: with one exactly at each border of the
/// window, carried or interpolated from samples beyond it.
final class Borders {
    private Borders() {}

    static SampleColumns extend(SampleColumns samples, long startMs, long endMs, boolean smoothed) {
        SampleColumns result = new SampleColumns(samples.size() + 2);
        int size = samples.size();
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        int last = size - 1;
        if (size == 0 || times[last] <= startMs || times[0] > endMs) {
            return result;
        }
        int first = Rate.lastUpTo(times, 0, size, startMs);
        boolean hasBefore = times[first] <= startMs;
        double left =
                smoothed && times[first] < startMs
                        ? Rate.interpolate(samples, first, startMs, false)
                        : values[first];
        result.append(startMs, left);
        int at = hasBefore ? first + 1 : first;
        while (at < size && times[at] < endMs) {
            result.append(times[at], values[at]);
            at++;
        }
        double right;
        if (at < size && times[at] == endMs) {
            right = values[at];
        } else if (smoothed && at < size && at > 0) {
            right = Rate.interpolate(samples, at - 1, endMs, false);
        } else {
            right = values[Math.max(0, at - 1)];
        }
        result.append(endMs, right);
        return result;
    }
}
