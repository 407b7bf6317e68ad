package dev.muster.launcher.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Small real processes for tests.
final class Processes {
    private Processes() {}

    static Process sleeping(String marker) throws IOException {
        return new ProcessBuilder(script("while :; do sleep 1; done", marker)).start();
    }

    /// Runs a shell script that carries a marker as an argument.
    static ChildSpec spec(String name, String script, Path directory) {
        var marker = name + "@" + directory;
        return new ChildSpec(
                name,
                script(script, marker),
                Map.of(),
                marker,
                directory.resolve(name + ".log"),
                URI.create("http://127.0.0.1:1/"));
    }

    private static List<String> script(String script, String marker) {
        return List.of("/bin/sh", "-c", script, marker);
    }
}
