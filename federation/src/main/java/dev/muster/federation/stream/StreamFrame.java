package dev.muster.federation.stream;

import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.ObserverView;
import dev.muster.federation.view.ServiceNames;
import java.util.List;

/// What is said on a stream of a cell; drawn in `docs/format/cell-stream.md`.
public sealed interface StreamFrame {
    /// What a client has of a cell, from whomever it has it: asks for what differs.
    ///
    /// @param hosts what it has of each host, no host twice
    /// @param hints what it has of the hints of hosts, by host
    /// @param wantsHints whether hints are to be sent
    record Subscribe(List<Known> hosts, List<KnownHint> hints, boolean wantsHints)
            implements StreamFrame {
        /// Has nothing, wants no hints.
        public static final Subscribe NOTHING = new Subscribe(List.of(), List.of(), false);

        public Subscribe {
            hosts = List.copyOf(hosts);
            hints = List.copyOf(hints);
        }
    }

    /// What is known of a host.
    ///
    /// @param hostKey see [dev.muster.federation.view.HostState#keyOf]
    /// @param stateHash hash of its state
    /// @param namesHash hash of the names of its services
    record Known(long hostKey, long stateHash, long namesHash) {}

    /// What hint of a host is known.
    ///
    /// @param hostKey see [dev.muster.federation.view.HostState#keyOf]
    /// @param hash hash of its bytes
    record KnownHint(long hostKey, long hash) {}

    /// What has changed.
    ///
    /// @param head who says it, at which version
    /// @param more whether the next frame belongs to this one; hash and count then do not hold yet
    /// @param cellHash sum of the hashes of all hosts when all this is applied
    /// @param hosts how many hosts there are then
    /// @param names names of services that lines speak of and the client has not
    /// @param lines new states
    /// @param removed hosts that are not there any more
    record Delta(
            ObserverView.Head head,
            boolean more,
            long cellHash,
            int hosts,
            List<ServiceNames> names,
            List<Changed> lines,
            List<Removed> removed)
            implements StreamFrame {
        public Delta {
            names = List.copyOf(names);
            lines = List.copyOf(lines);
            removed = List.copyOf(removed);
        }
    }

    /// A new state of a host.
    ///
    /// @param line the state
    /// @param version the observer's version in which it came to be
    record Changed(ObserverView.Line line, long version) {}

    /// A host that is not there any more.
    ///
    /// @param hostKey see [dev.muster.federation.view.HostState#keyOf]
    /// @param version the observer's version in which it went
    record Removed(long hostKey, long version) {}

    /// Nothing has changed, and this is what should be known.
    ///
    /// @param incarnation run of the observer
    /// @param version its version
    /// @param atMs when it looked
    /// @param degraded whether its bus is broken
    /// @param settled whether it has listened long enough
    /// @param cellHash sum of the hashes of all hosts
    /// @param rosterHash of the names of all hosts, for which `seqs` stand
    /// @param freshnessMs how long ago the host was heard that is up and was heard the longest ago
    /// @param counts how many are in which state
    /// @param seqs low byte of the number of the last beat of each host, by name
    record KeepAlive(
            long incarnation,
            long version,
            long atMs,
            boolean degraded,
            boolean settled,
            long cellHash,
            int rosterHash,
            long freshnessMs,
            Counts counts,
            Seqs seqs)
            implements StreamFrame {}

    /// What the observer knows of the metric names that hosts hold.
    ///
    /// @param hints by host
    record Hints(List<Hint> hints) implements StreamFrame {
        public Hints {
            hints = List.copyOf(hints);
        }
    }
}
