package dev.muster.query.load;

import dev.muster.model.series.ReadEstimate;
import java.util.function.Supplier;

/// How fast this node reads, by what it has read so far: what the time of a query is estimated
/// from. Thread-safe.
public final class CostRates {
    /*
     * Each rate is work over time, both summed over past queries, those of older ones fading with each that brings news. So a
     * query counts by how much it read, the rates follow the node within some twenty queries, and one that begins to fall in
     * does so from the default. What a query takes is taken to be the sum of: what its blocks, series and samples take in
     * memory; decoding, where they are not in memory; waiting for the object store; waiting for agents.
     *
     * The defaults are what ColdBench took on two cores of 2.4 GHz, and for agents and the store a network nearby.
     */
    private static final double PER_BLOCK = 60e-6;
    private static final double PER_SAMPLE = 10e-9;
    private static final double PER_SERIES = 10e-6;
    private static final double MORE_PER_COLD_BLOCK = 450e-6;
    private static final double SAMPLES_PER_SECOND = 50e6;
    private static final double BYTES_PER_SECOND = 20e6;
    private static final double SECONDS_PER_ANSWER = 0.02;

    /// A query of less work in memory tells of what surrounds reading, not of reading.
    private static final double LEAST_WORK_SECONDS = 1e-3;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Supplier<Readings> readings;
    private final Beside beside;
    private final Rate memory = new Rate(1, 0.05);
    private final Rate decode = new Rate(SAMPLES_PER_SECOND, 0.05);
    private final Rate fetch = new Rate(BYTES_PER_SECOND, 0.2);
    private final Rate answer = new Rate(1 / SECONDS_PER_ANSWER, 10 * SECONDS_PER_ANSWER);
    private Readings last = Readings.NONE;

    /// All that was read since the node was started, and the time it took, of all threads together.
    ///
    /// @param decodedSamples samples of blocks taken out of their pages
    /// @param fetchedBytes received from the object store
    /// @param answers whole answers of agents
    public record Readings(
            long decodedSamples,
            long decodeNanos,
            long fetchedBytes,
            long fetchNanos,
            long answers,
            long answerNanos) {
        /// Of a node that has read nothing.
        public static final Readings NONE = new Readings(0, 0, 0, 0, 0, 0);
    }

    /// How much goes on beside each other for one query.
    ///
    /// @param processors that decode
    /// @param fetches requests to the object store, at most one of each block
    /// @param agents that are asked
    public record Beside(int processors, int fetches, int agents) {
        public Beside {
            if (processors < 1 || fetches < 1 || agents < 1) {
                throw new IllegalArgumentException(
                        "must be positive: processors=%d, fetches=%d, agents=%d"
                                .formatted(processors, fetches, agents));
            }
        }
    }

    /// How long a query would take.
    ///
    /// @param seconds if all that it reads of blocks is in memory
    /// @param coldSeconds if nothing of it is
    public record Estimate(double seconds, double coldSeconds) {}

    /// Work over the time it takes, never far from what it was at first.
    private static final class Rate {
        private static final double KEPT = 0.95;
        private static final double FACTOR_LIMIT = 100;

        private final double first;
        private double work;
        private double seconds;

        /// @param first its default, in units of work a second
        /// @param firstSeconds how much time of it the default is worth
        Rate(double first, double firstSeconds) {
            this.first = first;
            work = first * firstSeconds;
            seconds = firstSeconds;
        }

        void add(double more, double moreNanos) {
            if (more > 0 && moreNanos > 0) {
                work = KEPT * work + more;
                seconds = KEPT * seconds + moreNanos / NANOS_PER_SECOND;
            }
        }

        double perSecond() {
            return Math.clamp(work / seconds, first / FACTOR_LIMIT, first * FACTOR_LIMIT);
        }
    }

    /// @param readings what was read so far; asked when a query has ended
    public CostRates(Supplier<Readings> readings, Beside beside) {
        this.readings = readings;
        this.beside = beside;
    }

    /// A query has been answered.
    ///
    /// @param nanos from its turn to its answer
    void answered(Usage usage, long nanos) {
        Readings now = readings.get();
        synchronized (this) {
            decode.add(
                    now.decodedSamples - last.decodedSamples, now.decodeNanos - last.decodeNanos);
            fetch.add(now.fetchedBytes - last.fetchedBytes, now.fetchNanos - last.fetchNanos);
            answer.add(now.answers - last.answers, now.answerNanos - last.answerNanos);
            last = now;
            double work = inMemory(usage.series(), usage.samples(), 0);
            boolean waited = usage.fetchedBytes() > 0;
            if (!waited && usage.samples() > 0 && work >= LEAST_WORK_SECONDS) {
                memory.add(work, nanos);
            }
        }
    }

    private static double inMemory(long series, long samples, long blocks) {
        return PER_SERIES * series + PER_SAMPLE * samples + PER_BLOCK * blocks;
    }

    /// What a query would take that reads so many series, and that.
    public synchronized Estimate estimate(long series, ReadEstimate reads) {
        double work = inMemory(series, reads.samples(), reads.blocks()) / memory.perSecond();
        double rounds = Math.ceil(reads.agents() / (double) beside.agents);
        double warm = work + rounds / answer.perSecond();
        long requests = Math.clamp(reads.blocks(), 1, beside.fetches);
        double cold =
                (MORE_PER_COLD_BLOCK * reads.blocks() + reads.samples() / decode.perSecond())
                                / beside.processors
                        + reads.bytes() / fetch.perSecond() / requests;
        return new Estimate(warm, warm + cold);
    }

    /// How long what is in memory takes beside what it takes by default.
    synchronized double memoryRatio() {
        return 1 / memory.perSecond();
    }

    /// Samples that a processor takes out of pages in a second.
    synchronized double decodedPerSecond() {
        return decode.perSecond();
    }

    /// Bytes that one request to the object store brings in a second.
    synchronized double fetchedPerSecond() {
        return fetch.perSecond();
    }

    /// Time until an agent's answer is whole.
    synchronized double answerSeconds() {
        return 1 / answer.perSecond();
    }
}
