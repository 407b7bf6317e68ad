package dev.muster.federation.cluster;

import java.util.List;

/// The cluster as one node sees it now.
///
/// @param self name of the node that sees
/// @param nodes all that are heard, this one among them, by name
public record ClusterView(String self, List<Node> nodes) {
    public ClusterView {
        nodes = List.copyOf(nodes);
    }

    /// Those that answer for a share, by name.
    public List<Node> ready() {
        return nodes.stream().filter(node -> node.state() == NodeState.READY).toList();
    }
}
