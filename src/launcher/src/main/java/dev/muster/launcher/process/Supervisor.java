package dev.muster.launcher.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts children, notices when one dies, starts it again after a while, and ends them all.
///
/// Passive: [#tick()] does the looking, and whoever calls it decides how often. Safe for two
/// threads, as the end may come from a shutdown hook.
public final class Supervisor {
    private static final int TAIL_LINES = 12;

    private final Path runDirectory;
    private final Optional<Duration> restartAfter;
    private final InstantSource clock;
    private final Map<String, Child> running = new LinkedHashMap<>();
    private final Map<String, Dead> dead = new LinkedHashMap<>();
    private boolean ended;

    /// @param runDirectory where the pid files lie
    /// @param restartAfter how long a dead child stays dead; empty leaves it so
    /// @param clock says when it is time
    public Supervisor(Path runDirectory, Optional<Duration> restartAfter, InstantSource clock) {
        this.runDirectory = runDirectory;
        this.restartAfter = restartAfter;
        this.clock = clock;
    }

    /// A child that ended without being asked.
    ///
    /// @param name what it is called
    /// @param exitCode what the system reports; 128 + n where signal n ended it
    /// @param restartAt when it is started again, if it is
    /// @param tail the last lines of its log
    public record Lost(String name, int exitCode, Optional<Instant> restartAt, List<String> tail) {
        /// Copies the tail.
        public Lost {
            tail = List.copyOf(tail);
        }
    }

    private record Dead(ChildSpec spec, Lost lost) {}

    /// What changed since the last look.
    public sealed interface Change {
        /// A child died.
        record Died(Lost lost) implements Change {}

        /// A dead child was started again.
        record Restarted(String name) implements Change {}
    }

    /// Starts a child under watch; after the end nothing is started any more.
    public synchronized void start(ChildSpec spec) throws IOException {
        if (!ended) {
            running.put(spec.name(), Child.start(spec, runDirectory));
        }
    }

    /// Looks at all children once: reports the dead, starts again those whose time has come.
    public synchronized List<Change> tick() throws IOException {
        var changes = new ArrayList<Change>();
        if (ended) {
            return changes;
        }
        for (var child : List.copyOf(running.values())) {
            child.exitCode().ifPresent(code -> changes.add(new Change.Died(bury(child, code))));
        }
        for (var gone : List.copyOf(dead.values())) {
            if (gone.lost().restartAt().filter(at -> !clock.instant().isBefore(at)).isPresent()) {
                dead.remove(gone.spec().name());
                start(gone.spec());
                changes.add(new Change.Restarted(gone.spec().name()));
            }
        }
        return changes;
    }

    private Lost bury(Child child, int exitCode) {
        var restartAt = restartAfter.map(clock.instant()::plus);
        var lost = new Lost(child.name(), exitCode, restartAt, child.logTail(TAIL_LINES));
        running.remove(child.name());
        dead.put(child.name(), new Dead(child.spec(), lost));
        forget(child);
        return lost;
    }

    /// Children that are dead just now.
    public synchronized List<Lost> lost() {
        return dead.values().stream().map(Dead::lost).toList();
    }

    /// Whether [#end(Duration)] was called.
    public synchronized boolean ended() {
        return ended;
    }

    /// Ends all children; later calls find nothing left to do.
    ///
    /// @return names of those that had to be killed
    public List<String> end(Duration patience) {
        List<Child> children;
        synchronized (this) {
            ended = true;
            children = List.copyOf(running.values());
            running.clear();
        }
        var killed = Ending.endAll(children.stream().map(Child::handle).toList(), patience);
        children.forEach(this::forget);
        return children.stream()
                .filter(child -> killed.contains(child.handle()))
                .map(Child::name)
                .toList();
    }

    private void forget(Child child) {
        try {
            PidFile.delete(runDirectory, child.name());
        } catch (IOException e) {
            System.getLogger(Supervisor.class.getName())
                    .log(System.Logger.Level.WARNING, () -> "pid file stays: " + e.getMessage());
        }
    }
}
