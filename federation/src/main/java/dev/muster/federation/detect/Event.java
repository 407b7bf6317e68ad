package dev.muster.federation.detect;

import dev.muster.federation.member.Intent;
import dev.muster.federation.member.ServiceState;
import java.util.List;

/// What can happen to an agent of a cell.
public sealed interface Event {
    /// Time has passed. To be told each 100 ms; a gap means that this process stood still.
    record Tick() implements Event {}

    /// A frame of another agent, or an own one of an earlier run, has arrived.
    ///
    /// @param plane the way it came: beats of the bus prove less
    record Heard(Frame frame, Plane plane) implements Event {}

    /// The bus lost its connection to an agent: a hint, never a verdict.
    record Lost(String host) implements Event {}

    /// A probe has ended.
    record Probed(String host, long incarnation, ProbeResult result) implements Event {}

    /// The own services, as scraped.
    record Scraped(List<ServiceState> services) implements Event {
        public Scraped {
            services = List.copyOf(services);
        }
    }

    /// What this agent sees of a host that it has taken over, to be told after each round of
    /// probes, at first as soon as anything is known. Ignored once the host is given back.
    ///
    /// @param host the lost agent's host
    /// @param incarnation as in [Effect.TakeOver]
    /// @param services the services of that host: those that were looked at are
    ///   [dev.muster.federation.member.Provenance#PEER], the others unknown with a reason
    /// @param hostProbe the best that any port of the host answered: [ProbeResult#ALIVE] if a
    ///   service answered, [ProbeResult#CONNECTED] if a port took a connection,
    ///   [ProbeResult#REFUSED] if the host answered that nobody listens
    record Taken(String host, long incarnation, List<ServiceState> services, ProbeResult hostProbe)
            implements Event {
        public Taken {
            services = List.copyOf(services);
        }
    }

    /// This agent announces what it is about to do. A later intent replaces it; one that has
    /// expired takes it back. [Intent.Kind#LEFT] is the same as [Leaving].
    record Announced(Intent intent) implements Event {}

    /// The bus works, or no longer works.
    record Bus(boolean works) implements Event {}

    /// The socket for datagrams is open, or no longer. Until the first such event there is none.
    record Link(boolean works) implements Event {}

    /// This agent is about to leave on purpose. The last event.
    record Leaving() implements Event {}
}
