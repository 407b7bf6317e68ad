package dev.muster.agent.scrape.append;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many series one target has of each metric, against the memory budget: live ones, which its
/// cache remembers, and idle ones, which only the store still holds. Confined to the thread that
/// appends, but for [#folding()].
final class SeriesLedger implements AutoCloseable {
    /// Number of no metric.
    static final int NO_METRIC = -1;

    private final MemoryBudget budget;
    private final Map<String, Integer> numbers = new HashMap<>();
    private String[] names = new String[16];
    private int[] live = new int[16];
    private double[] idle = new double[16];
    private int used;
    private final IntList free = new IntList();

    private long liveAll;
    private double idleAll;
    private int granted;
    private long cacheBytes;
    private volatile List<FoldedMetric> folding = List.of();

    SeriesLedger(MemoryBudget budget) {
        this.budget = budget;
        budget.register(this);
    }

    MemoryBudget budget() {
        return budget;
    }

    /// The number of a metric, which gets one where it has none.
    int metric(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        int number = free.size() > 0 ? free.removeLast() : used++;
        if (number == names.length) {
            int capacity = Math.multiplyExact(2, number);
            names = Arrays.copyOf(names, capacity);
            live = Arrays.copyOf(live, capacity);
            idle = Arrays.copyOf(idle, capacity);
        }
        names[number] = name;
        live[number] = 0;
        idle[number] = 0;
        numbers.put(name, number);
        return number;
    }

    /// Series of all metrics.
    long series() {
        return liveAll + (long) idleAll;
    }

    /// Series of a metric.
    long series(int metric) {
        return live[metric] + (long) idle[metric];
    }

    /// Series that only the store still holds.
    double idle() {
        return idleAll;
    }

    /// Goes on with the series of a ledger whose target this one now scrapes.
    void inherit(SeriesLedger earlier) {
        for (int i = 0; i < earlier.used; i++) {
            if (!earlier.names[i].isEmpty()) {
                int metric = metric(earlier.names[i]);
                double taken = earlier.live[i] + earlier.idle[i];
                idle[metric] += taken;
                idleAll += taken;
            }
        }
        earlier.close();
    }

    /// Series that were admitted from the reserve.
    int granted() {
        return granted;
    }

    /// A series is stored for the first time.
    void admitted(int metric, int keyBytes) {
        live[metric]++;
        liveAll++;
        if (!budget.open()) {
            granted++;
        } else {
            granted = 0;
        }
        budget.chargeSeries(keyBytes);
    }

    /// A series that the store holds is remembered again.
    void returned(int metric) {
        live[metric]++;
        liveAll++;
        double fromIdle = Math.min(1, idle[metric]);
        idle[metric] -= fromIdle;
        idleAll -= fromIdle;
    }

    /// A series is not remembered any more; the store still holds it.
    void vanished(int metric) {
        if (metric == NO_METRIC) {
            return;
        }
        live[metric]--;
        liveAll--;
        idle[metric]++;
        idleAll++;
    }

    /// A metric that got its number for nothing gives it back.
    void release(int metric) {
        if (live[metric] == 0 && idle[metric] < 0.5) {
            numbers.remove(names[metric]);
            idleAll -= idle[metric];
            idle[metric] = 0;
            names[metric] = "";
            free.add(metric);
        }
    }

    /// The store has forgotten idle series: only this part of them is left.
    void forgetIdle(double left) {
        idleAll = 0;
        for (int metric = 0; metric < used; metric++) {
            idle[metric] *= left;
            idleAll += idle[metric];
            if (!names[metric].isEmpty()) {
                release(metric);
            }
        }
    }

    void cacheBytes(long bytes) {
        budget.cacheChanged(bytes - cacheBytes);
        cacheBytes = bytes;
    }

    void folding(List<FoldedMetric> metrics) {
        folding = List.copyOf(metrics);
    }

    /// Metrics that fold. May be called by any thread.
    List<FoldedMetric> folding() {
        return folding;
    }

    /// The target is gone, and its cache with it.
    @Override
    public void close() {
        budget.cacheChanged(-cacheBytes);
        cacheBytes = 0;
        liveAll = 0;
        idleAll = 0;
        folding = List.of();
        budget.unregister(this);
    }
}
