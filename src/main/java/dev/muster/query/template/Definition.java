package dev.muster.query.template;

import java.util.List;

/// A template that has a name, and the text that it stands in.
///
/// @param file name of that text, for messages
record Definition(String file, String text, List<Node> nodes) {
    Definition {
        nodes = List.copyOf(nodes);
    }

    /// Whether it prints nothing but spaces: such a one takes the place of no other.
    boolean isBlank() {
        return nodes.stream()
                .allMatch(node -> node instanceof Node.Text(_, var plain) && plain.isBlank());
    }
}
