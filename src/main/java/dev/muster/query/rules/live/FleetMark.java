package dev.muster.query.rules.live;

import java.time.Duration;

/// Knows how far the data of the fleet has come. Thread-safe.
@FunctionalInterface
public interface FleetMark {
    /// Everything has come already.
    FleetMark ALWAYS = (_, _) -> Arrival.WHOLE;

    /// Waits until the data of all hosts up to a time has arrived, at most so long.
    Arrival await(long timeMs, Duration most) throws InterruptedException;

    /// Whose data has arrived.
    ///
    /// @param hosts that should have data, those that are away among them
    /// @param arrived whose data has come
    record Arrival(int hosts, int arrived) {
        /// Nothing is missing.
        public static final Arrival WHOLE = new Arrival(0, 0);

        public Arrival {
            if (arrived < 0 || arrived > hosts) {
                throw new IllegalArgumentException(
                        "arrived must be within hosts: hosts=" + hosts + ", arrived=" + arrived);
            }
        }

        /// Share of the hosts, 0 to 1.
        public double share() {
            return hosts == 0 ? 1 : (double) arrived / hosts;
        }
    }
}
