package dev.muster.federation.sim;

import java.util.Arrays;
import java.util.SplittableRandom;

/// The network of one cell and its faults. Datagrams are lost, late, doubled and overtake each
/// other; streams keep their order and wait for what was lost. Confined to one thread.
final class SimulatedNetwork {
    /// What a datagram that does not arrive takes.
    static final int LOST = -1;

    private static final int RETRY_MS = 200;
    private static final int RETRIES = 6;

    private final int size;
    private final SplittableRandom random;
    private final long[] cutFrom;
    private final boolean[] bad;
    private final double[] hostLoss;
    private final long[] streamAtMs;

    /// Share of datagrams and segments lost.
    double loss;

    /// Chance, by datagram, that the receiver's good time ends and all is lost for a while
    /// (Gilbert-Elliott), and that this ends again.
    double burstBegins;

    double burstEnds = 1;

    /// Least time on the way, and how much more it may be.
    int delayMs = 1;

    int jitterMs = 3;

    /// Share of datagrams that arrive twice, and that are held up to be overtaken.
    double doubled = 0.001;

    double heldUp = 0.001;

    /// Whether datagrams pass at all, and streams of Hazelcast.
    boolean datagrams = true;

    boolean bus = true;

    SimulatedNetwork(int size, SplittableRandom random) {
        this.size = size;
        this.random = random;
        this.cutFrom = new long[size];
        this.bad = new boolean[size];
        this.hostLoss = new double[size];
        this.streamAtMs = new long[size * size];
    }

    /// Nothing passes from one host to another.
    void cut(int from, int to) {
        cutFrom[to] |= 1L << from;
    }

    /// Nothing passes between two hosts.
    void cutBoth(int a, int b) {
        cut(a, b);
        cut(b, a);
    }

    /// The first `count` hosts on one side, the others on the other.
    void split(int count) {
        for (int a = 0; a < count; a++) {
            for (int b = count; b < size; b++) {
                cutBoth(a, b);
            }
        }
    }

    /// Loses that share of what a host sends and receives, besides.
    void lossAt(int host, double share) {
        hostLoss[host] = share;
    }

    /// Ends every fault.
    void heal() {
        Arrays.fill(cutFrom, 0);
        Arrays.fill(bad, false);
        Arrays.fill(hostLoss, 0);
        loss = 0;
        burstBegins = 0;
        burstEnds = 1;
        delayMs = 1;
        jitterMs = 3;
        datagrams = true;
        bus = true;
    }

    /// Whether the way from one host to another is cut.
    boolean isCut(int from, int to) {
        return (cutFrom[to] >>> from & 1) == 1;
    }

    /// How many of the others a host cannot exchange packets with, in one direction or the other.
    int cutsOf(int host) {
        int cuts = 0;
        for (int other = 0; other < size; other++) {
            if (other != host && (isCut(host, other) || isCut(other, host))) {
                cuts++;
            }
        }
        return cuts;
    }

    /// How long a datagram takes, or [#LOST].
    int datagramMs(int from, int to) {
        if (!datagrams || isCut(from, to) || isLost(from, to)) {
            return LOST;
        }
        int late = heldUp > 0 && random.nextDouble() < heldUp ? random.nextInt(600) : 0;
        return delayMs + random.nextInt(jitterMs + 1) + late;
    }

    /// Whether a datagram arrives twice.
    boolean isDoubled() {
        return doubled > 0 && random.nextDouble() < doubled;
    }

    /// How long a message on the bus takes, or [#LOST] where its stream is broken.
    long busMs(int from, int to, long nowMs) {
        return bus ? streamMs(from, to, nowMs) : LOST;
    }

    /// How long a message on a stream of its own order takes, or [#LOST].
    private long streamMs(int from, int to, long nowMs) {
        if (isCut(from, to) || isCut(to, from)) {
            return LOST;
        }
        long atMs = nowMs + delayMs + random.nextInt(jitterMs + 1);
        for (int i = 0; i < RETRIES && isLost(from, to); i++) {
            atMs += (long) RETRY_MS << i;
        }
        int stream = from * size + to;
        streamAtMs[stream] = Math.max(streamAtMs[stream], atMs);
        return streamAtMs[stream] - nowMs;
    }

    /// Whether a request and its answer come through within the second that is waited for them.
    boolean asks(int from, int to) {
        if (isCut(from, to) || isCut(to, from)) {
            return false;
        }
        int failed = 0;
        for (int packet = 0; packet < 4; packet++) {
            failed += isLost(from, to) ? 1 : 0;
        }
        return failed < 2; // one retry after 200 ms fits, two do not
    }

    private boolean isLost(int from, int to) {
        if (burstBegins > 0) {
            bad[to] =
                    bad[to] ? random.nextDouble() >= burstEnds : random.nextDouble() < burstBegins;
            if (bad[to]) {
                return true;
            }
        }
        if (hostLoss[from] > 0 && random.nextDouble() < hostLoss[from]) {
            return true;
        }
        if (hostLoss[to] > 0 && random.nextDouble() < hostLoss[to]) {
            return true;
        }
        return loss > 0 && random.nextDouble() < loss;
    }
}
