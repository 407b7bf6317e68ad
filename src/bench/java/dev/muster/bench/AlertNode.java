package dev.muster.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An alert manager that a script has started: its process, and its API.
final class AlertNode implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    private final List<String> command;
    private final Path log;
    private final String base;
    private Process process;

    /// An answer.
    record Answer(int status, String body) {}

    /// @param base of its API, without `/api/v2`
    AlertNode(List<String> command, Path log, String base) throws IOException {
        this.command = List.copyOf(command);
        this.log = log;
        this.base = base;
        process = begin();
    }

    private Process begin() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /// Waits until it answers.
    void await(Duration time) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("node must answer: url=" + base + ", log=" + lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    boolean answers() throws InterruptedException {
        try {
            return call("GET", "/api/v2/status", "").status() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    Answer call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    String base() {
        return base;
    }

    boolean lives() {
        return process.isAlive();
    }

    /// As a crash: without a word.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void restart() throws IOException {
        process = begin();
    }

    /// The words of a command, at spaces.
    static List<String> words(String text) {
        return new ArrayList<>(List.of(text.strip().split("\\s+")));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
