package dev.muster.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.Steps;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultCacheTest {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long SEED = Long.getLong("seed", 1);

    private final AtomicLong nowMs = new AtomicLong(10 * HOUR);
    private final MemorySource samples = new MemorySource();
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);
    private final ResultCache cache = cache(1 << 20);

    private ResultCache cache(long bytes) {
        return new ResultCache(
                engine,
                EngineConfig.DEFAULT.lookback(),
                new ResultCacheConfig(bytes, Duration.ofMinutes(10), Duration.ofHours(1)),
                () -> Instant.ofEpochMilli(nowMs.get()));
    }

    private void fill(long fromMs, long toMs) {
        for (int i = 0; i < 5; i++) {
            Labels labels = Labels.of("__name__", "m_total", "i", Integer.toString(i));
            for (long at = fromMs + i * 100L; at < toMs; at += 15 * SECOND) {
                // one that goes and comes
                if (i != 3 || at / HOUR % 2 == 0) {
                    samples.add(labels, at, at / SECOND * (i + 1) % 5_000);
                }
            }
        }
    }

    private QueryResult ask(String query, long startMs, long endMs, long stepMs) throws Exception {
        return cache.range(samples, query, new Steps(startMs, endMs, stepMs), QueryOptions.DEFAULT);
    }

    private static List<String> points(QueryResult result) {
        List<String> points = new ArrayList<>();
        for (MatrixSeries series : ((MatrixValue) result.value()).series()) {
            for (int i = 0; i < series.size(); i++) {
                points.add(series.labels() + " " + series.timestampMs(i) + " " + series.value(i));
            }
        }
        return points;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m_total",
                "sum by (i) (rate(m_total[5m]))",
                "topk(2, m_total)",
                "count(m_total) or vector(time())",
                "max_over_time(m_total[10m:1m] offset -5m)",
                "m_total @ 7200",
                "m_total offset 1h + on (i) m_total",
                "absent(m_total{i=\"3\"})",
                "rate(m_total[1m + range()])",
                "m_total @ start()",
                "5",
            })
    void answersAsTheEngineWhateverWasAskedBefore(String query) throws Exception {
        fill(0, nowMs.get());
        Random random = new Random(SEED);
        for (int i = 0; i < 60; i++) {
            long stepMs = (1 + random.nextInt(3)) * MINUTE;
            long startMs = random.nextInt(500) * MINUTE;
            long endMs = startMs + random.nextInt(200) * MINUTE;
            QueryResult kept = ask(query, startMs, endMs, stepMs);
            QueryResult fresh =
                    engine.range(
                            samples,
                            query,
                            new Steps(startMs, endMs, stepMs),
                            QueryOptions.DEFAULT);
            assertThat(points(kept)).as("seed=%d, i=%d", SEED, i).isEqualTo(points(fresh));
        }
        boolean keeps = !query.contains("range()") && !query.contains("start()");
        ResultCacheStats stats = cache.stats();
        assertThat(stats.hits() + stats.partial() > 0).isEqualTo(keeps);
    }

    @Test
    void asksOnlyForWhatIsNew() throws Exception {
        fill(0, nowMs.get());
        long start = HOUR;
        long whole = ask("m_total", start, start + 4 * HOUR, MINUTE).stats().samplesRead();
        assertThat(ask("m_total", start, start + 4 * HOUR, MINUTE).stats().samplesRead()).isZero();
        long moved =
                ask("m_total", start + MINUTE, start + 4 * HOUR + MINUTE, MINUTE)
                        .stats()
                        .samplesRead();
        assertThat(moved).isPositive().isLessThan(whole / 20);
        assertThat(cache.stats().hits()).isOne();
        assertThat(cache.stats().partial()).isOne();
        assertThat(cache.stats().misses()).isOne();
    }

    @Test
    void neverServesTheLastMinutes() throws Exception {
        fill(0, nowMs.get() - 5 * MINUTE);
        long start = nowMs.get() - HOUR;
        ask("m_total", start, nowMs.get(), MINUTE);
        fill(nowMs.get() - 5 * MINUTE, nowMs.get());
        QueryResult result = ask("m_total", start, nowMs.get(), MINUTE);
        assertThat(points(result))
                .isEqualTo(
                        points(
                                engine.range(
                                        samples,
                                        "m_total",
                                        new Steps(start, nowMs.get(), MINUTE),
                                        QueryOptions.DEFAULT)));
        assertThat(cache.stats().hits()).isOne();
    }

    @Test
    void looksAheadNoFurtherThanIsSettled() throws Exception {
        fill(0, nowMs.get() - 5 * MINUTE);
        String query = "m_total offset -30m";
        long start = nowMs.get() - HOUR;
        ask(query, start, nowMs.get() - 30 * MINUTE, MINUTE);
        fill(nowMs.get() - 5 * MINUTE, nowMs.get());
        assertThat(points(ask(query, start, nowMs.get() - 30 * MINUTE, MINUTE)))
                .isEqualTo(
                        points(
                                engine.range(
                                        samples,
                                        query,
                                        new Steps(start, nowMs.get() - 30 * MINUTE, MINUTE),
                                        QueryOptions.DEFAULT)));
    }

    @Test
    void keepsNoAnswerFromWhichASourceIsMissing() throws Exception {
        fill(0, nowMs.get());
        samples.warn("agent a is missing");
        ask("m_total", HOUR, 2 * HOUR, MINUTE);
        ask("m_total", HOUR, 2 * HOUR, MINUTE);
        assertThat(cache.stats().hits()).isZero();
        assertThat(cache.stats().bytes()).isZero();
    }

    @Test
    void forgetsWhatIsOldOrTold() throws Exception {
        fill(0, nowMs.get());
        ask("m_total", HOUR, 2 * HOUR, MINUTE);
        nowMs.addAndGet(61 * MINUTE);
        ask("m_total", HOUR, 2 * HOUR, MINUTE);
        assertThat(cache.stats().misses()).isEqualTo(2);
        cache.clear();
        assertThat(cache.stats().bytes()).isZero();
        ask("m_total", HOUR, 2 * HOUR, MINUTE);
        assertThat(cache.stats().misses()).isEqualTo(3);
        assertThat(cache.stats().hits()).isZero();
    }

    @Test
    void staysWithinItsSize() throws Exception {
        fill(0, nowMs.get());
        ResultCache small = cache(40_000);
        for (int i = 0; i < 50; i++) {
            small.range(
                    samples,
                    "m_total + " + i,
                    new Steps(HOUR, 2 * HOUR, MINUTE),
                    QueryOptions.DEFAULT);
            assertThat(small.stats().bytes()).isLessThanOrEqualTo(40_000);
        }
        assertThat(small.stats().evictions()).isPositive();
        ResultCache none = cache(0);
        none.range(samples, "m_total", new Steps(HOUR, 2 * HOUR, MINUTE), QueryOptions.DEFAULT);
        assertThat(none.stats().passed()).isOne();
    }
}
