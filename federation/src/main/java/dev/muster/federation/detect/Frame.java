package dev.muster.federation.detect;

import dev.muster.federation.member.Names;
import dev.muster.federation.member.ServiceState;
import java.util.List;

/// What agents of a cell say to each other. Every frame has one writer, or merges by maximum, so
/// that order, loss and doubles do not matter. Drawn in `docs/format/cell-frames.md`.
public sealed interface Frame {
    /// A sign of life.
    ///
    /// @param host who says it
    /// @param httpUrl where it answers
    /// @param incarnation its run
    /// @param seq number of the beat in this run, from 1
    /// @param rosterHash which names the bits of `row` stand for
    /// @param rosterDigest which runs of these hosts the sender knows; differs while news of a
    ///   restart is still on its way
    /// @param row bit i is set when the sender does not hear the i-th host of its roster
    /// @param reportSeq number of its newest report; 0 if it has none
    record Beat(
            String host,
            String httpUrl,
            long incarnation,
            long seq,
            int rosterHash,
            int rosterDigest,
            long row,
            long reportSeq)
            implements Frame {
        public Beat {
            Names.refuseBadHost(host);
            Names.refuseLongUrl(httpUrl);
            refuseNegative(incarnation, seq, reportSeq);
        }
    }

    /// All the sender knows of who belongs to the cell.
    record RosterFrame(List<RosterEntry> entries) implements Frame {
        public RosterFrame {
            entries = List.copyOf(entries);
        }
    }

    /// What an agent says of the services it scrapes. Only the agent itself writes it.
    ///
    /// @param agent who says it
    /// @param seq number of the report in the agent's run, from 1; the greater one holds
    record Report(RosterEntry agent, long seq, List<ServiceState> services) implements Frame {
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

    /// A request to the agent of that host to send its report again.
    record Ask(String host) implements Frame {
        public Ask {
            Names.refuseBadHost(host);
        }
    }

    private static void refuseNegative(long... numbers) {
        for (long number : numbers) {
            if (number < 0) {
                throw new IllegalArgumentException(
                        "frame numbers must not be negative: found=" + number);
            }
        }
    }
}
