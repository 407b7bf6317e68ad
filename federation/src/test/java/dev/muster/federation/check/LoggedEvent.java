package dev.muster.federation.check;

import java.util.List;
import java.util.Locale;

/// One line of an event log: what an agent or a query node saw, or what was done to the fleet.
///
/// Times are Unix milliseconds; a simulator's virtual ones do as well.
public sealed interface LoggedEvent {
    /// When it was written.
    long loggedMs();

    /// A node has begun to log.
    ///
    /// @param node who, such as `c1/web-1` or `query:q1`
    record Began(String node, long loggedMs) implements LoggedEvent {}

    /// A node still logs; at least each second.
    record Alive(String node, long loggedMs) implements LoggedEvent {}

    /// A node has decided, or learned, that a target has changed.
    ///
    /// @param job empty, as the instance, where the host itself changed
    /// @param atMs when the new state began
    /// @param decidedMs when it was decided
    /// @param to `up`, `down`, `unknown`, `maint`, `suspect` or `left`
    /// @param cause lower case, such as `host_down`; empty or `none` for none
    /// @param provenance `own`, `peer`, `host`, `inferred` or `none`
    record Change(
            String node,
            String cell,
            String host,
            String job,
            String instance,
            long atMs,
            long decidedMs,
            String from,
            String to,
            String cause,
            String provenance,
            List<String> witnesses,
            long version)
            implements LoggedEvent {
        public Change {
            witnesses = List.copyOf(witnesses);
        }

        @Override
        public long loggedMs() {
            return decidedMs;
        }

        /// What changed.
        public Target target() {
            return new Target(cell, host, job, instance);
        }
    }

    /// What a query node's whole state hashes to.
    record Digest(String node, long loggedMs, String digest) implements LoggedEvent {}

    /// Something was done to a target on purpose, by the lab or the simulator.
    ///
    /// @param kind what
    /// @param target whose; job and instance empty for a host
    /// @param fromMs when it began
    /// @param untilMs when it was over; [Long#MAX_VALUE] if it never was
    record Fault(Kind kind, Target target, long fromMs, long untilMs) implements LoggedEvent {
        @Override
        public long loggedMs() {
            return fromMs;
        }

        /// Whether it went on at that moment.
        boolean covers(long atMs) {
            return atMs >= fromMs && atMs <= untilMs;
        }

        /// Whether a state that began at that moment may be of it.
        boolean explains(long atMs, Promises promises) {
            long earliestMs = fromMs - promises.backdatedMs() - promises.slackMs();
            return atMs >= earliestMs && atMs - promises.slackMs() <= untilMs;
        }
    }

    /// From here on nothing is broken any more.
    record Healed(long loggedMs) implements LoggedEvent {}

    /// A host (job and instance empty) or a service.
    record Target(String cell, String host, String job, String instance) {
        /// A host.
        public static Target host(String cell, String host) {
            return new Target(cell, host, "", "");
        }

        /// Whether it is a host.
        public boolean isHost() {
            return job.isEmpty() && instance.isEmpty();
        }

        @Override
        public String toString() {
            return cell + "/" + host + (isHost() ? "" : "/" + job + "/" + instance);
        }
    }

    /// What can be done to a target.
    enum Kind {
        /// Power loss or blackhole: nothing on the host answers.
        HOST_DEAD,
        /// The agent is killed; its services go on.
        AGENT_DEAD,
        /// The agent stands still.
        AGENT_PAUSED,
        /// The agent restarts, and has said so before.
        ANNOUNCED,
        /// The agent leaves for good, and has said so.
        LEFT,
        /// A service is stopped.
        SERVICE_DEAD,
        /// Links cut, packets lost, halves split: nobody is down by that.
        NETWORK;

        /// As it stands in a log.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
