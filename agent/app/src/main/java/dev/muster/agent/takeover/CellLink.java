package dev.muster.agent.takeover;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import java.util.List;
import java.util.Optional;

/// What looking after lost peers needs of the cell. Thread-safe.
public interface CellLink {
    /// The manifest of a peer, as it published it last; empty if there is none.
    Optional<byte[]> manifest(String host);

    /// Names the manifest of a peer; 0 if there is none. Cheap.
    int manifestHash(String host);

    /// Publishes this agent's manifest.
    void publish(byte[] manifest);

    /// Tells the cell how the services of a lost peer are.
    void taken(String host, long incarnation, List<ServiceState> services, ProbeResult hostProbe);

    /// The cell as this agent sees it.
    CellView view();
}
