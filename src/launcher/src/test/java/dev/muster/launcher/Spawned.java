package dev.muster.launcher;

import static org.awaitility.Awaitility.await;

import dev.muster.launcher.process.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process that a test started, and what it printed.
final class Spawned implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Spawned(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Spawned of(List<String> command, Path output, Map<String, String> environment)
            throws IOException {
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new Spawned(builder.start(), output);
    }

    /// Runs the Java half of `./muster` on a checkout.
    static Spawned launcher(
            Path root, Path output, Map<String, String> environment, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx48m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("-Ddev.muster.root=" + root);
        command.add(Launcher.class.getName());
        command.addAll(List.of(arguments));
        return of(command, output, environment);
    }

    String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    Process process() {
        return process;
    }

    Spawned awaitText(String text, Duration patience) {
        await("output of the process: " + text).atMost(patience).until(() -> printed(text));
        return this;
    }

    private boolean printed(String text) {
        var alive = process.isAlive();
        var printed = text().contains(text);
        if (!alive && !printed) {
            throw new AssertionError("process ended before it printed " + text + ":\n" + text());
        }
        return printed;
    }

    int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("process must end within " + patience + ":\n" + text());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        Ending.endAll(List.of(process.toHandle()), Duration.ofSeconds(20));
    }
}
