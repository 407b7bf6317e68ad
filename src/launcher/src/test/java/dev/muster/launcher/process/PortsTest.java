package dev.muster.launcher.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void namesEveryPortThatIsTaken() throws IOException {
        try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var needed =
                    new TreeMap<>(
                            Map.of(
                                    first.getLocalPort(), "agent a1",
                                    second.getLocalPort(), "query node"));

            assertThatThrownBy(() -> Ports.requireFree(needed))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(first.getLocalPort() + " (agent a1)")
                    .hasMessageContaining(second.getLocalPort() + " (query node)")
                    .hasMessageContaining("--port-base");
        }
    }

    @Test
    void aFreePortPasses() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Ports.requireFree(Map.of(port, "agent a1"));
    }
}
