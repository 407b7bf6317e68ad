package dev.muster.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalInt;

/// A running (or ended) process of ours together with its log and its pid file.
final class Child {
    private static final long LOG_LIMIT_BYTES = 16L << 20;

    private final ChildSpec spec;
    private final Process process;
    private final long logStart;

    private Child(ChildSpec spec, Process process, long logStart) {
        this.spec = spec;
        this.process = process;
        this.logStart = logStart;
    }

    static Child start(ChildSpec spec, Path runDirectory) throws IOException {
        rotate(spec.log());
        var logStart = Files.exists(spec.log()) ? Files.size(spec.log()) : 0;
        var builder =
                new ProcessBuilder(spec.command())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()))
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(spec.environment());
        var process = builder.start();
        PidFile.of(spec.name(), process.toHandle(), spec.marker()).write(runDirectory);
        return new Child(spec, process, logStart);
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(
                    log,
                    log.resolveSibling(log.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    ChildSpec spec() {
        return spec;
    }

    String name() {
        return spec.name();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /// The last lines this run wrote; nothing of runs before.
    List<String> logTail(int lines) {
        return LogTail.of(spec.log(), logStart, lines);
    }
}
