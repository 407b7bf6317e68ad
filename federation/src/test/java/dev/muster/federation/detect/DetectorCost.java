package dev.muster.federation.detect;

import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What events cost one agent of a cell of 64: time and bytes, the median of nine runs. Counted by
/// hand, so that it needs nothing but the test classes: `java -cp ... DetectorCost`.
public final class DetectorCost {
    private static final int SIZE = 64;
    private static final int SERVICES = 30;
    private static final int ROUNDS = 2_000;
    private static final int RUNS = 9;

    private long nowMs = 1_000_000;
    private DetectorState state;
    private final List<ServiceBits> bits = new ArrayList<>();

    private DetectorCost() {
        state = DetectorState.start(DetectorConfig.defaults(), "c", entry(0), List.of(), now());
        step(new Event.Link(true));
        step(new Event.Bus(true));
        List<RosterEntry> entries = new ArrayList<>();
        for (int i = 1; i < SIZE; i++) {
            entries.add(entry(i));
        }
        step(new Event.Heard(new Frame.RosterFrame(entries), Plane.BUS));
        for (int i = 0; i < SIZE; i++) {
            List<ServiceState> services = new ArrayList<>();
            for (int s = 0; s < SERVICES; s++) {
                services.add(ServiceState.own("job", "h" + i + ":" + s, true, "", 1));
            }
            bits.add(ServiceBits.of(services));
            if (i > 0) {
                var report = new Frame.Report(entry(i), 1, 1, Optional.empty(), services);
                step(new Event.Heard(report, Plane.BUS));
            }
        }
    }

    public static void main(String[] arguments) {
        double[] beats = new double[RUNS];
        double[] ticks = new double[RUNS];
        double[] bytes = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            var cost = new DetectorCost();
            cost.rounds(200, 1);
            long before = allocated();
            double[] nanos = cost.rounds(ROUNDS, 201);
            beats[run] = nanos[0];
            ticks[run] = nanos[1];
            bytes[run] = (double) (allocated() - before) / (ROUNDS * (SIZE - 1 + 5));
        }
        System.out.printf(
                "cell=%d services=%d beatNs=%.0f tickNs=%.0f bytesPerEvent=%.0f%n",
                SIZE, SERVICES, median(beats), median(ticks), median(bytes));
    }

    /// A round is half a second: a beat of each, five ticks. Answers nanoseconds per beat and per
    /// tick.
    private double[] rounds(int count, long firstSeq) {
        long beatNs = 0;
        long tickNs = 0;
        for (int round = 0; round < count; round++) {
            Event[] events = new Event[SIZE - 1];
            for (int i = 1; i < SIZE; i++) {
                events[i - 1] = new Event.Heard(beat(i, firstSeq + round), Plane.DIRECT);
            }
            long start = System.nanoTime();
            for (Event event : events) {
                step(event);
            }
            beatNs += System.nanoTime() - start;
            for (int tick = 0; tick < 5; tick++) {
                nowMs += 100;
                start = System.nanoTime();
                step(new Event.Tick());
                tickNs += System.nanoTime() - start;
            }
        }
        return new double[] {(double) beatNs / count / (SIZE - 1), (double) tickNs / count / 5};
    }

    private void step(Event event) {
        state = Detector.step(state, event, now()).state();
    }

    private Frame.Beat beat(int index, long seq) {
        return new Frame.Beat(
                StateHash.ofHost(entry(index).host()),
                1,
                seq,
                nowMs,
                state.roster.hash(),
                state.rosterDigest(),
                0,
                1,
                0,
                state.stateHash,
                bits.get(index));
    }

    private Now now() {
        return new Now(nowMs, nowMs);
    }

    private static RosterEntry entry(int index) {
        return RosterEntry.active("host-%02d".formatted(index), "http://host-" + index, 1)
                .at("10.0.0." + index + ":9642", Place.NONE);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
