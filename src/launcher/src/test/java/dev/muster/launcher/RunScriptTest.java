package dev.muster.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `muster run` around real commands.
class RunScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("muster.root", "../.."));

    @TempDir Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void listen() throws IOException {
        Assumptions.assumeTrue(
                Stream.of("/usr/bin/curl", "/bin/curl", "/usr/local/bin/curl")
                        .anyMatch(path -> Files.isExecutable(Path.of(path))),
                "muster run tells an agent by curl, which is not here");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        told.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private record Ended(int code, String out, String err) {}

    private Process start(int port, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("muster").toAbsolutePath().toString());
        command.add("run");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectOutput(directory.resolve("out").toFile());
        builder.redirectError(directory.resolve("err").toFile());
        builder.environment().put("MUSTERRUN_URL", "http://127.0.0.1:" + port);
        builder.environment().put("MUSTERRUN_SPOOL", directory.resolve("spool").toString());
        return builder.start();
    }

    private Ended end(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    private int port() {
        return server.getAddress().getPort();
    }

    @Test
    void theCommandIsUntouchedAndBothEndsAreTold() throws Exception {
        Path metrics = Files.writeString(directory.resolve("m.prom"), "rows 5\n");
        Process process =
                start(
                        port(),
                        "--job",
                        "a b/ü",
                        "--schedule",
                        "*/5 * * * *",
                        "--textfile",
                        metrics.toString(),
                        "--",
                        "sh",
                        "-c",
                        "cat; echo \"$1\" >&2; exit 7",
                        "x",
                        "two  words");
        try (var in = process.getOutputStream()) {
            in.write("given\n".getBytes(UTF_8));
        }
        assertThat(end(process)).isEqualTo(new Ended(7, "given\n", "two  words\n"));
        assertThat(told).hasSize(2);
        assertThat(told.getFirst())
                .startsWith("POST /api/v1/runs/%61%20%62%2f%c3%bc/start?id=")
                .contains("&schedule=%2a%2f%35%20");
        assertThat(told.getLast())
                .startsWith("POST /api/v1/runs/%61%20%62%2f%c3%bc/finish?id=")
                .contains("&exit=7 ")
                .endsWith("rows 5\n");
        assertThat(directory.resolve("spool")).doesNotExist();
    }

    @Test
    void signalsGoThrough() throws Exception {
        Process process =
                start(
                        port(),
                        "sh",
                        "-c",
                        "trap 'echo ended; exit 4' TERM; echo ready; while :; do sleep 0.05; done");
        await().until(() -> Files.readString(directory.resolve("out")).contains("ready"));
        process.destroy();
        assertThat(end(process)).isEqualTo(new Ended(4, "ready\nended\n", ""));
        assertThat(told.getLast()).contains("&exit=4");
    }

    @Test
    void whatWasNotToldIsKeptAndToldLater() throws Exception {
        int port = port();
        status = 503;
        assertThat(end(start(port, "--job", "first", "true")).code()).isZero();
        await().untilAsserted(() -> {
            // a file has another name as long as it is being told
            try (Stream<Path> kept = Files.list(directory.resolve("spool"))) {
                assertThat(kept.map(file -> String.valueOf(file.getFileName())))
                        .hasSize(2)
                        .allMatch(name -> name.matches("\\d+-\\d+-POST"));
            }
        });
        told.clear();
        status = 200;
        assertThat(end(start(port, "--job", "second", "true")).code()).isZero();
        await().untilAsserted(() -> {
            assertThat(told).hasSize(4);
            try (Stream<Path> kept = Files.list(directory.resolve("spool"))) {
                assertThat(kept).isEmpty();
            }
        });
        assertThat(told.stream().filter(call -> call.contains("/%66%69%72%73%74/"))).hasSize(2);
    }

    @Test
    void anAgentThatIsAwayChangesNothing() throws Exception {
        int port = port();
        server.stop(0);
        assertThat(end(start(port, "sh", "-c", "echo done"))).isEqualTo(new Ended(0, "done\n", ""));
        assertThat(end(start(port, "/does/not/exist")).code()).isEqualTo(127);
        assertThat(end(start(port)).code()).isEqualTo(2);
    }
}
