package dev.muster.query.alertmanager.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Names of the other nodes in a file, `peers` beside the alert manager's state, one on each line:
/// what a later run must have heard before it may be sure of what was told. Confined to one thread.
public final class KnownPeers {
    private static final System.Logger LOG = System.getLogger(KnownPeers.class.getName());
    private static final String NAME = "peers";

    private final Optional<Path> file;
    private Set<String> names;

    private KnownPeers(Optional<Path> file, Set<String> names) {
        this.file = file;
        this.names = names;
    }

    /// Those of a directory; of none nothing is remembered.
    ///
    /// @throws IOException if the file cannot be read
    public static KnownPeers in(Optional<Path> directory) throws IOException {
        Optional<Path> file = directory.map(place -> place.resolve(NAME));
        Set<String> names = new TreeSet<>();
        if (file.isPresent() && Files.exists(file.get())) {
            for (String line : Files.readAllLines(file.get(), StandardCharsets.UTF_8)) {
                if (!line.isBlank()) {
                    names.add(line.strip());
                }
            }
        }
        return new KnownPeers(file, names);
    }

    Set<String> names() {
        return Set.copyOf(names);
    }

    void keep(Set<String> now) {
        if (file.isEmpty() || now.equals(names)) {
            return;
        }
        try {
            Path fresh = file.get().resolveSibling(NAME + ".new");
            Files.write(fresh, List.copyOf(now), StandardCharsets.UTF_8);
            Files.move(
                    fresh,
                    file.get(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            names = new TreeSet<>(now);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "other nodes cannot be remembered", e);
        }
    }
}
