package dev.muster.federation.detect;

import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Names;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import java.util.List;
import java.util.Optional;

/// What agents of a cell say to each other. Every frame has one writer, or merges by maximum, so
/// that order, loss and doubles do not matter. Drawn in `docs/format/cell-frames.md`.
public sealed interface Frame {
    /// A sign of life, small enough for a datagram. It names its sender by a hash only; who does
    /// not know that hash asks for the roster.
    ///
    /// @param hostHash who says it, as in [dev.muster.federation.member.StateHash#ofHost(String)]
    /// @param incarnation its run
    /// @param seq number of the beat in this run, from 1
    /// @param sentMs when it was sent, Unix time of the sender: to measure clocks, never to decide
    /// @param rosterHash which names the bits of `row` stand for
    /// @param rosterDigest what the sender knows of these hosts; differs while news are still on
    ///   their way
    /// @param row bit i is set when the sender does not hear the i-th host of its roster
    /// @param reportSeq number of its newest report; 0 if it has none
    /// @param namesHash which services `services` are of, as in
    ///   [dev.muster.federation.member.StateHash#ofNames(List)]
    /// @param stateHash which reports of the cell the sender holds; equal for two agents that hold
    ///   the same
    /// @param services how its services are, in the order of its report
    record Beat(
            long hostHash,
            long incarnation,
            long seq,
            long sentMs,
            int rosterHash,
            int rosterDigest,
            long row,
            long reportSeq,
            int namesHash,
            int stateHash,
            ServiceBits services)
            implements Frame {
        public Beat {
            refuseNegative(incarnation);
            refuseNegative(seq);
            refuseNegative(reportSeq);
        }
    }

    /// What the sender knows of who belongs to the cell: all, or a part.
    record RosterFrame(List<RosterEntry> entries) implements Frame {
        public RosterFrame {
            entries = List.copyOf(entries);
        }
    }

    /// What an agent says of its services and of its intentions. Only the agent itself writes it;
    /// others may pass it on.
    ///
    /// @param agent who says it
    /// @param seq number of the report in the agent's run, from 1; the greater one holds
    /// @param sentMs when it was written, Unix time of the agent: what `intent` counts from
    /// @param intent what it has announced
    /// @param services how its services are
    record Report(
            RosterEntry agent,
            long seq,
            long sentMs,
            Optional<Intent> intent,
            List<ServiceState> services)
            implements Frame {
        public Report {
            services = List.copyOf(services);
            refuseNegative(seq);
        }

        /// Whether this says more than the other, of the same agent.
        boolean isNewerThan(Report other) {
            return agent.incarnation() != other.agent.incarnation()
                    ? agent.incarnation() > other.agent.incarnation()
                    : seq > other.seq;
        }
    }

    /// A request to send the report of that host again: to its agent, or, once that is down, to
    /// whoever holds it.
    record Ask(String host) implements Frame {
        public Ask {
            Names.refuseBadHost(host);
        }
    }

    /// What an agent that took over sees of a lost agent's host. Said anew each second while it
    /// looks.
    ///
    /// @param observer host of the agent that took over
    /// @param observerIncarnation its run
    /// @param seq number of the observation in the observer's run, from 1; the greater one holds
    /// @param host the lost agent's host
    /// @param incarnation the run that was lost
    /// @param probe the best that any port of the host answered
    /// @param services how the services are
    record Taken(
            String observer,
            long observerIncarnation,
            long seq,
            String host,
            long incarnation,
            ProbeResult probe,
            List<ServiceState> services)
            implements Frame {
        public Taken {
            Names.refuseBadHost(observer);
            Names.refuseBadHost(host);
            services = List.copyOf(services);
            refuseNegative(observerIncarnation);
            refuseNegative(incarnation);
            refuseNegative(seq);
        }
    }

    private static void refuseNegative(long number) {
        if (number < 0) {
            throw new IllegalArgumentException(
                    "frame numbers must not be negative: found=" + number);
        }
    }
}
