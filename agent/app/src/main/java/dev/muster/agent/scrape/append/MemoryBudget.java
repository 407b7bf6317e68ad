package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The memory that the series of all targets may take, and who may have more of it. Series that are
/// there are never refused; new ones are admitted or folded. Used by the thread that appends, but
/// for [#write] and [#folding], which any thread may call.
public final class MemoryBudget {
    /*
     * What is used is measured: the tables of the caches, and what the store says of labels, index and
     * slots. It is asked at most once a second; new series are charged an estimate until then.
     *
     * Below OPEN of the budget every new series is admitted. Above, the rest is a reserve for those
     * who are not at fault. A target has a fair share: what is open divided by the targets. A new
     * series is admitted from the reserve
     *
     *   - while its target is below its share and its metric below half of that, or
     *   - while its metric is small: below GRANT of the budget; all such grants of one target beyond
     *     its share take at most a quarter of the reserve.
     *
     * So the metric that explodes has used what was open and folds, the other metrics of its target
     * still get some series, and the deployment of another service finds its share. Once the reserve
     * is used up, too, every new series folds.
     *
     * A series takes its part until the store forgets it, which is after the last window with a
     * sample of it was shipped. Those that vanished are counted as idle until then; when the store
     * tells that it has forgotten some, idle ones of all targets become fewer in proportion.
     */
    private static final Logger LOG = System.getLogger(MemoryBudget.class.getName());
    private static final double OPEN = 0.75;
    private static final double GRANT = 1.0 / 256;
    private static final double RESERVE_PER_TARGET = 0.25;
    private static final long REFRESH_NANOS = 1_000_000_000L;
    private static final long LOG_NANOS = 60_000_000_000L;

    /// Charged for a new series beside its key until the next measure.
    private static final int ESTIMATE_BYTES = 420;

    /// Charged for a key whose series is not stored.
    private static final int KEY_ESTIMATE_BYTES = 80;

    /// Bounds of what a series takes on average.
    private static final long LEAST_AVERAGE = 150;

    private static final long MOST_AVERAGE = 2_000;

    /// Folding metrics beyond which those of a target share one series.
    private static final int FOLDS_LIMIT = 256;

    /// Folding metrics that are named in metrics.
    private static final int NAMED_LIMIT = 50;

    private final long limitBytes;
    private final Supplier<StoreUse> store;
    private final LongSupplier nanoTime;
    private final Set<SeriesLedger> ledgers = ConcurrentHashMap.newKeySet();
    private final LongAdder foldedSamples = new LongAdder();
    private final LongAdder keysNotRemembered = new LongAdder();

    private boolean measured;
    private long measuredNanos;
    private long loggedNanos;
    private long storeBytes;
    private long collected;
    private long cacheBytes;
    private long estimatedBytes;
    private long series;
    private long averageBytes = LEAST_AVERAGE;
    private int folds;
    private volatile long usedBytes;

    /// @param limitBytes the budget
    /// @param store tells what the store uses; asked at most once a second
    public MemoryBudget(long limitBytes, Supplier<StoreUse> store, LongSupplier nanoTime) {
        if (limitBytes < 1) {
            throw new IllegalArgumentException(
                    "memory budget must be positive: limitBytes=" + limitBytes);
        }
        this.limitBytes = limitBytes;
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /// Room for everything.
    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE, () -> StoreUse.NOTHING, () -> 0);
    }

    /// The budget.
    public long limitBytes() {
        return limitBytes;
    }

    /// What is used of it, as it was measured last.
    public long usedBytes() {
        return usedBytes;
    }

    /// Metrics that fold now, over all targets.
    public List<FoldedMetric> folding() {
        return ledgers.stream().flatMap(ledger -> ledger.folding().stream()).toList();
    }

    void register(SeriesLedger ledger) {
        ledgers.add(ledger);
    }

    void unregister(SeriesLedger ledger) {
        ledgers.remove(ledger);
    }

    /// Measures anew where the last measure is old.
    void refresh() {
        long now = nanoTime.getAsLong();
        if (measured && now - measuredNanos < REFRESH_NANOS) {
            return;
        }
        StoreUse use = store.get();
        storeBytes = use.bytes();
        estimatedBytes = 0;
        series = 0;
        double idle = 0;
        for (SeriesLedger ledger : ledgers) {
            series += ledger.series();
            idle += ledger.idle();
        }
        averageBytes = Math.clamp(used() / Math.max(1, series), LEAST_AVERAGE, MOST_AVERAGE);
        long gone = measured ? use.collected() - collected : 0;
        collected = use.collected();
        if (gone > 0 && idle > 0) {
            double left = Math.max(0, 1 - gone / idle);
            ledgers.forEach(ledger -> ledger.forgetIdle(left));
        }
        measured = true;
        measuredNanos = now;
        usedBytes = used();
    }

    private long used() {
        return storeBytes + cacheBytes + estimatedBytes;
    }

    /// Is there room for whatever comes?
    boolean open() {
        return used() < openBytes();
    }

    /// May the target have one more series of the metric?
    boolean admits(SeriesLedger ledger, int metric) {
        long used = used();
        if (used < openBytes()) {
            return true;
        }
        if (used >= limitBytes) {
            return false;
        }
        long average = averageBytes;
        long share = openBytes() / Math.max(1, ledgers.size());
        long ofTarget = ledger.series() * average;
        long ofMetric = ledger.series(metric) * average;
        if (ofTarget < share && ofMetric < share / 2) {
            return true;
        }
        long reserve = limitBytes - openBytes();
        return ofMetric < limitBytes * GRANT
                && ledger.granted() * average < reserve * RESERVE_PER_TARGET;
    }

    private long openBytes() {
        return (long) (limitBytes * OPEN);
    }

    /// A series is stored for the first time.
    void chargeSeries(int keyBytes) {
        estimatedBytes += ESTIMATE_BYTES + 2L * keyBytes;
    }

    /// A key is remembered whose series is not stored.
    void chargeKey(int keyBytes) {
        estimatedBytes += KEY_ESTIMATE_BYTES + keyBytes;
    }

    /// A cache has grown, or shrunk.
    void cacheChanged(long byBytes) {
        cacheBytes += byBytes;
    }

    /// Asks for the memory to tell of one more folding metric.
    boolean takeFold() {
        if (folds >= FOLDS_LIMIT) {
            return false;
        }
        folds++;
        return true;
    }

    void giveFold() {
        folds--;
    }

    void foldedSamples(int samples) {
        foldedSamples.add(samples);
    }

    void keyNotRemembered() {
        keysNotRemembered.increment();
    }

    /// Tells people of a metric that folds, once in a while.
    void report(FoldedMetric folded) {
        long now = nanoTime.getAsLong();
        if (loggedNanos != 0 && now - loggedNanos < LOG_NANOS) {
            return;
        }
        loggedNanos = now == 0 ? 1 : now;
        LOG.log(
                Level.WARNING,
                () ->
                        "memory budget passed, new series are folded into a count: metric="
                                + folded.metric()
                                + " label="
                                + folded.culprit()
                                + " values="
                                + folded.culpritValues()
                                + " series="
                                + folded.series()
                                + " target="
                                + folded.target()
                                + " usedBytes="
                                + used()
                                + " limitBytes="
                                + limitBytes);
    }

    /// Writes the meters.
    public void write(ExpositionWriter out) {
        gauge(
                out,
                "muster_scrape_memory_budget_bytes",
                "Memory that series of targets may take before new ones are folded.",
                limitBytes);
        gauge(
                out,
                "muster_scrape_memory_used_bytes",
                "Memory that series take: caches of targets, labels, index and slots.",
                usedBytes);
        List<FoldedMetric> folding = folding();
        gauge(
                out,
                "muster_scrape_folding_metrics",
                "Metrics of targets whose new series are folded into a count.",
                folding.size());
        writeFolding(out, folding);
        out.family(
                "muster_scrape_samples_folded_total",
                MetricType.COUNTER,
                "Samples of new series that were folded into a count.");
        out.sample("muster_scrape_samples_folded_total", foldedSamples.sum());
        out.family(
                "muster_scrape_keys_not_remembered_total",
                MetricType.COUNTER,
                "Dropped series whose keys found no room and are relabelled at every scrape.");
        out.sample("muster_scrape_keys_not_remembered_total", keysNotRemembered.sum());
    }

    private static void writeFolding(ExpositionWriter out, List<FoldedMetric> folding) {
        out.family(
                "muster_scrape_folded_series",
                MetricType.GAUGE,
                "Series folded in the last scrape, by metric and the label with most values.");
        folding.stream()
                .sorted((a, b) -> Integer.compare(b.series(), a.series()))
                .limit(NAMED_LIMIT)
                .forEach(folded ->
                        out.begin("muster_scrape_folded_series")
                                .label("metric", folded.metric())
                                .label("label", folded.culprit())
                                .label("job", folded.target().valueOf("job"))
                                .label("instance", folded.target().valueOf("instance"))
                                .end(folded.series()));
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
