package dev.muster.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.launcher.FreePorts;
import dev.muster.launcher.process.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Agents `a1`… and a query node on free ports of loopback, with short windows and a directory as
/// object store. Every process it started ends with it.
final class Rig implements AutoCloseable {
    private static final Path ROOT =
            Path.of(System.getProperty("muster.root", "../..")).toAbsolutePath().normalize();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Path directory;
    private final Path store;
    private final int agents;
    private final int firstPort;
    private final Map<String, Process> processes = new LinkedHashMap<>();

    Rig(Path directory, int agents) throws IOException {
        requireBuilt();
        this.directory = directory;
        this.store = Files.createDirectory(directory.resolve("store"));
        this.agents = agents;
        this.firstPort = FreePorts.row(2 * agents + 1);
    }

    private static void requireBuilt() {
        var built = Files.exists(agentJar()) && Files.exists(queryJar());
        if ("true".equals(System.getenv("CI"))) {
            assertThat(built).as("programs must be built: %s, %s", agentJar(), queryJar()).isTrue();
        }
        assumeTrue(built, "agent and query node are not built: ./mvnw package builds them");
    }

    Path store() {
        return store;
    }

    QueryClient query() {
        return new QueryClient(url(queryPort()));
    }

    QueryClient agent(int number) {
        return new QueryClient(url(httpPort(number)));
    }

    /// Starts agent `number` (from 1), which scrapes the given targets as job `known`, and waits
    /// until it is ready.
    void startAgent(int number, String... targets) throws IOException {
        var name = "a" + number;
        var home = Files.createDirectories(directory.resolve(name));
        Files.writeString(home.resolve("scrape.yml"), scrapeFile(targets));
        var settings = new LinkedHashMap<String, String>();
        settings.put("muster.agent.host", name);
        settings.put("muster.agent.cell", "test");
        settings.put("muster.agent.data-dir", home.toString());
        settings.put("muster.agent.advertised-url", url(httpPort(number)));
        settings.put("muster.scrape.config-file", home.resolve("scrape.yml").toString());
        settings.put("muster.head.window", "60s");
        settings.put("muster.head.out-of-order-window", "2s");
        settings.put("muster.exporter.collectors", "none");
        settings.put("muster.upload.interval", "1s");
        settings.put("muster.upload.retain", "5s");
        settings.put("muster.upload.retry-max", "2s");
        settings.put("muster.cell.address", "127.0.0.1");
        settings.put("muster.cell.port", Integer.toString(memberPort(number)));
        settings.put("muster.cell.seeds", seeds());
        start(name, "agent", agentJar(), settings, httpPort(number));
    }

    /// Starts the query node and waits until it is ready.
    void startQuery() throws IOException {
        var settings = new LinkedHashMap<String, String>();
        var urls = new ArrayList<String>();
        for (var number = 1; number <= agents; number++) {
            urls.add(url(httpPort(number)));
        }
        settings.put("muster.query.agents", String.join(",", urls));
        settings.put("muster.catalog.refresh-interval", "1s");
        start("query", "query", queryJar(), settings, queryPort());
    }

    /// Ends a process as `kill -9` does and waits until it is gone.
    void kill(String name) throws InterruptedException {
        var process = process(name).destroyForcibly();
        assertThat(process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }

    /// Asks a process to end and waits until it has.
    void stop(String name) throws InterruptedException {
        var process = process(name);
        process.destroy();
        assertThat(process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS))
                .as(() -> name + " must end when asked:\n" + log(name))
                .isTrue();
    }

    /// What a process wrote, for messages.
    String log(String name) {
        try {
            var lines = Files.readAllLines(directory.resolve(name + ".log"));
            return lines.stream()
                    .skip(Math.max(0, lines.size() - 40))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private void start(
            String name, String program, Path jar, Map<String, String> settings, int httpPort)
            throws IOException {
        settings.put("muster.http.host", "127.0.0.1");
        settings.put("muster.http.port", Integer.toString(httpPort));
        settings.put("muster.store.url", "file://" + store);
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + ROOT.resolve("src/launcher/jvm/" + program + ".flags"));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        var log = directory.resolve(name + ".log").toFile();
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        processes.put(name, process);
        var client = new QueryClient(url(httpPort));
        await(name + " is ready").atMost(START).until(() -> isReady(name, process, client));
    }

    private boolean isReady(String name, Process process, QueryClient client) {
        if (!process.isAlive()) {
            throw new AssertionError(name + " ended while starting:\n" + log(name));
        }
        return client.answers("/-/ready");
    }

    private Process process(String name) {
        var process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("process must have been started: name=" + name);
        }
        return process;
    }

    private static String scrapeFile(String... targets) {
        return """
        global:
          scrape_interval: 1s
        scrape_configs:
          - job_name: known
            static_configs:
              - targets: [%s]
        """
                .formatted(
                        List.of(targets).stream()
                                .map(target -> '"' + target + '"')
                                .collect(Collectors.joining(", ")));
    }

    private String seeds() {
        var seeds = new ArrayList<String>();
        for (var number = 1; number <= agents; number++) {
            seeds.add("127.0.0.1:" + memberPort(number));
        }
        return String.join(",", seeds);
    }

    private int httpPort(int number) {
        return firstPort + 2 * (number - 1);
    }

    private int memberPort(int number) {
        return httpPort(number) + 1;
    }

    private int queryPort() {
        return firstPort + 2 * agents;
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static Path agentJar() {
        return ROOT.resolve("agent/app/target/quarkus-app/quarkus-run.jar");
    }

    private static Path queryJar() {
        return ROOT.resolve("src/target/quarkus-app/quarkus-run.jar");
    }

    @Override
    public void close() {
        Ending.endAll(processes.values().stream().map(Process::toHandle).toList(), STOP);
    }
}
