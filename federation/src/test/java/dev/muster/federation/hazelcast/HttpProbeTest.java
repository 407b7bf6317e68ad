package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.FreePorts;
import dev.muster.federation.detect.ProbeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpProbeTest {
    @Test
    void knowsARefusedConnection() {
        int port = FreePorts.of(1).getFirst();
        assertThat(HttpProbe.probe("http://127.0.0.1:" + port)).isEqualTo(ProbeResult.REFUSED);
    }

    @Test
    void knowsAProcessThatTakesConnectionsAndIsMute() throws IOException {
        try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(HttpProbe.probe("http://127.0.0.1:" + mute.getLocalPort()))
                    .isEqualTo(ProbeResult.CONNECTED);
        }
    }

    @Test
    void takesAnyAnswerForLife() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (var socket = server.accept()) {
                            socket.getOutputStream()
                                    .write(
                                            "HTTP/1.1 503 busy\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                        } catch (IOException e) {
                            // the probe has gone: what it found says why
                        }
                    });
            assertThat(HttpProbe.probe("http://127.0.0.1:" + server.getLocalPort()))
                    .isEqualTo(ProbeResult.ALIVE);
        }
    }

    @Test
    void saysNothingOfAnAddressItCannotUse() {
        assertThat(HttpProbe.probe("")).isEqualTo(ProbeResult.SILENT);
        assertThat(HttpProbe.probe("not a url")).isEqualTo(ProbeResult.SILENT);
    }
}
