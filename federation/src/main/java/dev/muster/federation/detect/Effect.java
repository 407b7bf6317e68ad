package dev.muster.federation.detect;

import dev.muster.federation.member.Place;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.util.List;

/// What the surroundings are to do.
public sealed interface Effect {
    /// Say this to all agents of the cell: by the roster's beat addresses, by the bus, or both.
    ///
    /// @param direct by datagram to each [RosterEntry#beatAddress] of [DetectorState#roster()]
    /// @param bus by the cell's bus
    record Send(Frame frame, boolean direct, boolean bus) implements Effect {}

    /// Ask an agent over HTTP whether it lives, and tell the result as [Event.Probed].
    record Probe(String host, long incarnation, String httpUrl) implements Effect {}

    /// Look after the services of that host from now on, each second, until [GiveBack], and tell
    /// what is seen as [Event.Taken]. Told again with another incarnation if the agent came back
    /// and was lost once more meanwhile.
    ///
    /// @param host the host of the lost agent
    /// @param incarnation the run that was lost
    /// @param httpUrl where that agent answered; may be empty
    record TakeOver(String host, long incarnation, String httpUrl) implements Effect {}

    /// Look no longer after the services of that host: its agent is back, another does it, or it
    /// left.
    record GiveBack(String host) implements Effect {}

    /// A member is seen otherwise than before: for logs.
    record Changed(String host, Upness before, Upness after) implements Effect {}

    /// All hosts of a rack that the cell knows, two or more, were found dead at once: one event,
    /// beside those of the hosts themselves.
    ///
    /// @param place the rack
    /// @param hosts of it, sorted
    /// @param sinceMs when the first of them fell silent, Unix time
    record GroupDown(Place place, List<String> hosts, long sinceMs) implements Effect {
        public GroupDown {
            hosts = List.copyOf(hosts);
        }
    }

    /// A host or a service has changed: for history.
    record Transited(Transition transition) implements Effect {}

    /// This agent counts as a new run from now on: the number must survive a restart.
    record Reincarnated(long incarnation) implements Effect {}
}
