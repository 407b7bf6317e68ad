package dev.muster.federation.detect;

import dev.muster.federation.member.ServiceState;
import java.util.List;

/// What can happen to an agent of a cell.
public sealed interface Event {
    /// Time has passed. To be told each 100 ms; a gap means that this process stood still.
    record Tick() implements Event {}

    /// A frame of another agent, or an own one of an earlier run, has arrived.
    record Heard(Frame frame) implements Event {}

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

    /// The bus works, or no longer works.
    record Bus(boolean works) implements Event {}

    /// This agent is about to leave on purpose. The last event.
    record Leaving() implements Event {}
}
