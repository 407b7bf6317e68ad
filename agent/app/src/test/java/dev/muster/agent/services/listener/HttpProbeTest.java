package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpProbeTest {
    /// One connection is answered with these bytes, then left open or closed. It is held until the
    /// probe has its answer, as a socket that nobody holds is closed by the collector.
    private static Probe.Result ask(byte[] answer, boolean close) throws IOException {
        var held = new CompletableFuture<Socket>();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            Socket socket = server.accept();
                            held.complete(socket);
                            OutputStream out = socket.getOutputStream();
                            out.write(answer);
                            out.flush();
                            if (close) {
                                socket.shutdownOutput();
                            }
                        } catch (IOException e) {
                            // the probe has read enough, and has gone
                        }
                    });
            Probe.Result result =
                    new HttpProbe("/metrics", false, System::nanoTime)
                            .ask("127.0.0.1", server.getLocalPort());
            held.join().close();
            return result;
        }
    }

    private static Probe.Result ask(String answer) throws IOException {
        return ask(answer.getBytes(StandardCharsets.ISO_8859_1), true);
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    @Test
    void knowsMetrics() throws IOException {
        assertThat(ask(OK + "\r\nup 1\n")).isInstanceOf(Probe.Result.Metrics.class);
        assertThat(
                        ask(
                                OK
                                        + "Transfer-Encoding: chunked\r\n\r\n"
                                        + "3\r\n"
                                        + "up \r\n"
                                        + "2;x\r\n"
                                        + "1\n\r\n"
                                        + "0\r\n\r\n"))
                .isInstanceOf(Probe.Result.Metrics.class);
        byte[] kept = (OK + "Content-Length: 5\r\n\r\nup 1\n").getBytes(StandardCharsets.UTF_8);
        assertThat(ask(kept, false)).isInstanceOf(Probe.Result.Metrics.class);
        assertThat(
                        ask(
                                "HTTP/1.1 200 OK\r\ncontent-type: application/openmetrics-text;"
                                        + " version=1.0.0\r\n\r\nup 1 # {a=\"b\"} 1\n"
                                                .replace("up 1 # {a=\"b\"} 1", "up 1")
                                        + "# EOF\n"))
                .isInstanceOf(Probe.Result.Metrics.class);
    }

    @Test
    void readsTheBeginningOfALongBody() throws IOException {
        assertThat(ask(OK + "\r\n" + "a_metric{b=\"c\"} 12345\n".repeat(100_000)))
                .isInstanceOf(Probe.Result.Metrics.class);
    }

    @Test
    void saysWhatElseItIs() throws IOException {
        assertThat(ask("SSH-2.0-OpenSSH_9\r\n"))
                .isEqualTo(new Probe.Result.NoHttp("does not speak HTTP"));
        assertThat(ask("HTTP/1.1 404 Not Found\r\n\r\n"))
                .isEqualTo(new Probe.Result.NoMetrics("answers with status 404"));
        assertThat(ask("HTTP/1.1 503 Busy\r\n\r\n"))
                .isEqualTo(new Probe.Result.NoAnswer("answers with status 503"));
        assertThat(ask("HTTP/1.1 401 No\r\n\r\n"))
                .isEqualTo(
                        new Probe.Result.NoMetrics(
                                "answers with status 401: it wants credentials"));
        assertThat(ask("HTTP/1.1 200 OK\r\nContent-Type: text/html; a=b\r\n\r\n<html>"))
                .isEqualTo(new Probe.Result.NoMetrics("answers with text/html"));
        assertThat(ask(OK + "\r\nhello, world\n").text())
                .startsWith("answers with no exposition: ");
        assertThat(ask(OK + "\r\n"))
                .isEqualTo(
                        new Probe.Result.NoMetrics("answers with an exposition without samples"));
        assertThat(ask(""))
                .isEqualTo(new Probe.Result.NoAnswer("connection closed without an answer"));
        assertThat(ask(new byte[0], false))
                .isEqualTo(new Probe.Result.NoAnswer("no answer within 2000 ms"));
        int free;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = server.getLocalPort();
        }
        assertThat(new HttpProbe("/metrics", false, System::nanoTime).ask("127.0.0.1", free))
                .isEqualTo(new Probe.Result.NoAnswer("connection refused"));
    }

    @Test
    void survivesAnyAnswer() throws IOException {
        SplittableRandom random = new SplittableRandom(Long.getLong("seed", 7));
        byte[] right =
                (OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nup 1\n\r\n0\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 300; round++) {
            byte[] answer = right.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                answer[random.nextInt(answer.length)] = (byte) random.nextInt(256);
            }
            assertThat(ask(answer, true).text()).isNotEmpty();
        }
    }
}
