package dev.muster.agent;

import dev.muster.agent.fleet.CellSeat;
import dev.muster.agent.takeover.CellLink;
import dev.muster.agent.takeover.Takeover;
import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.hazelcast.TakeoverPort;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import java.util.List;
import java.util.Optional;

/// The cell as looking after lost peers sees it.
///
/// @param seat the agent's place in its cell
record CellTakeover(CellSeat seat) implements CellLink {
    @Override
    public Optional<byte[]> manifest(String host) {
        return seat.cell().manifest(host);
    }

    @Override
    public int manifestHash(String host) {
        return seat.cell().manifestHash(host);
    }

    @Override
    public void publish(byte[] manifest) {
        seat.cell().manifest(manifest);
    }

    @Override
    public void taken(
            String host, long incarnation, List<ServiceState> services, ProbeResult hostProbe) {
        seat.cell().taken(host, incarnation, services, hostProbe);
    }

    @Override
    public CellView view() {
        return seat.view();
    }

    /// What the cell tells to begin and to end.
    static TakeoverPort port(Takeover takeover) {
        return new TakeoverPort() {
            @Override
            public void takeOver(String host, long incarnation, String httpUrl) {
                takeover.takeOver(host, incarnation, httpUrl);
            }

            @Override
            public void giveBack(String host) {
                takeover.giveBack(host);
            }
        };
    }
}
