package dev.muster.query.rules.live;

import dev.muster.model.labels.Xxh3;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// Groups spread over the nodes of a cluster by rendezvous hash: each node decides for itself, and
/// nodes that see the same members decide the same. A node that sees nobody evaluates everything: a
/// rule evaluated twice has one value, one not evaluated has none.
///
/// @param self name of this node
/// @param ready names of the nodes that may be asked now, this one among them once it is
public record RankedDuties(String self, Supplier<List<String>> ready) implements Duties {
    @Override
    public boolean isMine(String group) {
        List<String> nodes = ready.get();
        if (nodes.isEmpty()) {
            return true;
        }
        Comparator<String> byScore =
                (one, other) -> Long.compareUnsigned(score(group, one), score(group, other));
        return nodes.stream()
                .max(byScore.thenComparing(Comparator.naturalOrder()))
                .filter(self::equals)
                .isPresent();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    private static long score(String group, String node) {
        byte[] key = (group + '\0' + node).getBytes(StandardCharsets.UTF_8);
        return Xxh3.hash(key, key.length);
    }
}
