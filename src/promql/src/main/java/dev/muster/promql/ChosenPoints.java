package dev.muster.promql;

import java.io.IOException;
import java.util.Arrays;

/// Values that were chosen step by step, to be given out series by series. Confined to one thread.
final class ChosenPoints {
    private long[] places = new long[64];
    private double[] values = new double[64];
    private int size;

    /// Takes the series whose column is filled.
    @FunctionalInterface
    interface Take {
        void series(int number) throws QueryException, IOException;
    }

    /// @param series number of the series
    void add(int series, int step, double value) {
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        places[size] = (long) series << 32 | step;
        values[size++] = value;
    }

    /// Fills the column with the values of one series after another, by ascending number.
    void forEach(StepColumn column, Take take) throws QueryException, IOException {
        long[] order = Arrays.copyOf(places, size);
        Arrays.sort(order);
        double[] ordered = new double[size];
        for (int i = 0; i < size; i++) {
            int at = Arrays.binarySearch(order, places[i]);
            ordered[at] = values[i];
        }
        int from = 0;
        while (from < size) {
            int series = (int) (order[from] >>> 32);
            column.clear();
            int to = from;
            while (to < size && (int) (order[to] >>> 32) == series) {
                column.set((int) order[to], ordered[to]);
                to++;
            }
            take.series(series);
            from = to;
        }
    }
}
