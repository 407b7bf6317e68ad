package dev.muster.query.cache;

import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import dev.muster.promql.QueryStats;
import dev.muster.promql.StepReach;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Range queries whose older steps are evaluated once: a dashboard that is looked at again, or that
/// moves on by some steps, asks only for what is new. Thread-safe.
///
/// A result is kept by the text of the query, its step, and where the steps lie within the step, so
/// that only the same steps are ever served. Never kept are the last minutes, which late samples
/// may still change, answers from which a source is missing, and queries whose value at a step
/// depends on the range ([StepReach]).
public final class ResultCache {
    /// A result that needs more than this part of the cache is not kept.
    private static final int LARGEST_PART = 4;

    private final PromQlEngine engine;
    private final Duration lookback;
    private final ResultCacheConfig config;
    private final InstantSource clock;
    private final ExtentStore store;
    private final LongAdder hits = new LongAdder();
    private final LongAdder partial = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder passed = new LongAdder();

    /// @param lookback that of the engine
    public ResultCache(
            PromQlEngine engine, Duration lookback, ResultCacheConfig config, InstantSource clock) {
        this.engine = engine;
        this.lookback = lookback;
        this.config = config;
        this.clock = clock;
        store = new ExtentStore(config.maxBytes());
    }

    /// As [PromQlEngine#range], from memory where that is possible.
    ///
    /// @throws QueryException if the query has no answer
    /// @throws IOException if the source cannot be read
    public QueryResult range(SeriesSource source, String query, Steps steps, QueryOptions options)
            throws QueryException, IOException {
        long lastMs = lastToKeep(query, steps, options);
        if (lastMs < steps.startMs()) {
            passed.increment();
            return engine.range(source, query, steps, options);
        }
        ExtentStore.Key key = key(query, steps, options);
        Pieces pieces = new Pieces(source, query, options);
        Optional<Extent> kept =
                store.find(key, steps.startMs(), lastMs).filter(extent -> !old(extent));
        if (kept.isEmpty()) {
            misses.increment();
            pieces.evaluate(steps);
        } else {
            around(kept.get().between(steps.startMs(), lastMs), steps, lastMs, pieces);
        }
        if (pieces.evaluated && pieces.whole) {
            keep(key, pieces.settled(kept, lastMs, steps.stepMs()), pieces.generation);
        }
        return pieces.result();
    }

    /// Evaluates the steps that an extent has not.
    private void around(Extent extent, Steps steps, long lastMs, Pieces pieces)
            throws QueryException, IOException {
        long stepMs = steps.stepMs();
        boolean all = extent.firstMs() == steps.startMs() && extent.lastMs() == lastMs;
        (all ? hits : partial).increment();
        if (steps.startMs() < extent.firstMs()) {
            pieces.evaluate(new Steps(steps.startMs(), extent.firstMs() - stepMs, stepMs));
        }
        pieces.all.add(extent);
        if (extent.lastMs() + stepMs <= steps.endMs()) {
            pieces.evaluate(new Steps(extent.lastMs() + stepMs, steps.endMs(), stepMs));
        }
    }

    private void keep(ExtentStore.Key key, Extent settled, long generation) {
        if (settled.sizeBytes() <= config.maxBytes() / LARGEST_PART) {
            store.put(key, settled, generation);
        }
    }

    /// The last step whose value will not change any more and may be kept; before the first step if
    /// there is none.
    private long lastToKeep(String query, Steps steps, QueryOptions options) throws QueryException {
        long none = steps.startMs() - 1;
        if (config.maxBytes() == 0 || options.limit() > 0) {
            return none;
        }
        Optional<StepReach> reach =
                StepReach.of(engine.parse(query), steps, options.lookback().orElse(lookback));
        long settledMs = clock.millis() - config.fresh().toMillis();
        if (reach.isEmpty() || reach.get().latestMs() > settledMs) {
            return none;
        }
        long lastMs = Math.min(steps.endMs(), settledMs - reach.get().laterMs());
        return lastMs < steps.startMs()
                ? none
                : lastMs - Math.floorMod(lastMs - steps.startMs(), steps.stepMs());
    }

    private ExtentStore.Key key(String query, Steps steps, QueryOptions options) {
        return new ExtentStore.Key(
                query,
                steps.stepMs(),
                Math.floorMod(steps.startMs(), steps.stepMs()),
                options.lookback().orElse(lookback).toMillis());
    }

    private boolean old(Extent extent) {
        return clock.millis() - extent.evaluatedMs() > config.timeToLive().toMillis();
    }

    /// Forgets everything: series were deleted.
    public void clear() {
        store.clear();
    }

    public ResultCacheStats stats() {
        return new ResultCacheStats(
                hits.sum(),
                partial.sum(),
                misses.sum(),
                passed.sum(),
                store.evictions(),
                store.bytes());
    }

    /// The pieces of one answer, ascending in time.
    private final class Pieces {
        private final SeriesSource source;
        private final String query;
        private final QueryOptions options;
        private final List<Extent> all = new ArrayList<>();
        private final long startNanos = System.nanoTime();
        private final long generation = store.generation();
        private boolean evaluated;
        private boolean whole = true;
        private long seriesRead;
        private long samplesRead;
        private long peakMemoryBytes;

        Pieces(SeriesSource source, String query, QueryOptions options) {
            this.source = source;
            this.query = query;
            this.options = options;
        }

        void evaluate(Steps steps) throws QueryException, IOException {
            long nowMs = clock.millis();
            QueryResult result = engine.range(source, query, steps, options);
            evaluated = true;
            whole &= result.whole();
            seriesRead += result.stats().seriesRead();
            samplesRead += result.stats().samplesRead();
            peakMemoryBytes = Math.max(peakMemoryBytes, result.stats().peakMemoryBytes());
            all.add(
                    new Extent(
                            steps.startMs(),
                            steps.at(steps.count() - 1),
                            (MatrixValue) result.value(),
                            result.warnings(),
                            result.infos(),
                            result.completeness(),
                            nowMs));
        }

        /// What of the answer may be kept, and what the extent that was used has beside it.
        Extent settled(Optional<Extent> used, long lastMs, long stepMs) {
            Extent answer = Extent.inSequence(all);
            Extent settled = answer.between(answer.firstMs(), lastMs);
            if (used.isEmpty()) {
                return settled;
            }
            List<Extent> pieces = new ArrayList<>();
            Extent extent = used.get();
            if (extent.firstMs() < settled.firstMs()) {
                pieces.add(extent.between(extent.firstMs(), settled.firstMs() - stepMs));
            }
            pieces.add(settled);
            if (extent.lastMs() > lastMs) {
                pieces.add(extent.between(lastMs + stepMs, extent.lastMs()));
            }
            return Extent.inSequence(pieces);
        }

        QueryResult result() {
            Extent answer = Extent.inSequence(all);
            QueryStats stats =
                    new QueryStats(
                            seriesRead,
                            samplesRead,
                            peakMemoryBytes,
                            Optional.empty(),
                            System.nanoTime() - startNanos);
            return new QueryResult(
                    answer.value(),
                    answer.warnings(),
                    answer.infos(),
                    answer.completeness(),
                    whole,
                    stats);
        }
    }
}
