package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The formats in which one target answers. Confined to the thread that appends.
final class FormatLog {
    private @Nullable ExpositionFormat last;
    private @Nullable FormatChange change;

    void note(ExpositionFormat format, long tickMs) {
        ExpositionFormat before = last;
        last = format;
        if (before != null && before != format) {
            long changes = change == null ? 0 : change.changes();
            change = new FormatChange(before, format, tickMs, changes + 1);
        }
    }

    Optional<FormatChange> change() {
        return Optional.ofNullable(change);
    }
}
