package dev.muster.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What was done to the fleet on purpose, as a log that `federation-check` reads
/// (`docs/format/event-log.md`). Confined to one thread.
final class LabEvents {
    /// A host or a service of one.
    ///
    /// @param job empty, as the instance, for the host itself
    record Target(String cell, String host, String job, String instance) {
        /// A host.
        static Target host(String cell, String host) {
            return new Target(cell, host, "", "");
        }

        /// No host: the network between them.
        static Target network() {
            return host("lab", "network");
        }
    }

    private record Open(String kind, Target target, long fromMs) {}

    private final Path file;
    private final List<Open> open = new ArrayList<>();

    LabEvents(Path file) {
        this.file = file;
    }

    /// Something is broken from now on.
    void broken(String kind, List<Target> targets) {
        long nowMs = System.currentTimeMillis();
        targets.forEach(target -> open.add(new Open(kind, target, nowMs)));
    }

    /// All that was broken is mended, and the fleet is to be as before soon.
    void mended() {
        long nowMs = System.currentTimeMillis();
        over(",\"untilMs\":" + nowMs);
        write("{\"event\":\"healed\",\"atMs\":" + nowMs + "}\n");
    }

    /// What is broken still was never mended.
    void close() {
        over("");
    }

    private void over(String until) {
        for (Open fault : open) {
            Target target = fault.target;
            write(
                    "{\"event\":\"fault\",\"kind\":\"%s\",\"cell\":\"%s\",\"host\":\"%s\",\"job\":\"%s\",\"instance\":\"%s\",\"fromMs\":%d%s}\n"
                            .formatted(
                                    fault.kind,
                                    target.cell,
                                    target.host,
                                    target.job,
                                    target.instance,
                                    fault.fromMs,
                                    until));
        }
        open.clear();
    }

    private void write(String line) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
