package dev.muster.query.alertmanager.peers;

import java.net.URI;
import java.util.List;

/// The nodes as one of them sees them.
///
/// @param self name of the one that sees
/// @param nodes that are heard, this one among them
public record PeerView(String self, List<Peer> nodes) {
    /// A node.
    ///
    /// @param name the same after a restart
    /// @param url where it is reached
    /// @param incarnation tells its runs apart
    /// @param ready whether it does its part
    /// @param leaving whether it has said that it ends
    public record Peer(String name, URI url, long incarnation, boolean ready, boolean leaving) {}

    public PeerView {
        nodes = List.copyOf(nodes);
    }

    /// The others.
    List<Peer> others() {
        return nodes.stream().filter(node -> !node.name().equals(self)).toList();
    }
}
