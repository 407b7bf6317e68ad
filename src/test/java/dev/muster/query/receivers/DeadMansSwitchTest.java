package dev.muster.query.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeadMansSwitchTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicBoolean well = new AtomicBoolean(true);

    private double count(String name) {
        return registry.get("muster_dead_mans_switch_" + name).counter().count();
    }

    @Test
    void callsWhileAllIsWellAndKeepsStillElse() throws Exception {
        try (WebServer server = new WebServer();
                DeadMansSwitch alive =
                        new DeadMansSwitch(
                                URI.create(server.url() + "/ping"),
                                Duration.ofMillis(20),
                                well::get,
                                registry)) {
            alive.start();
            await().until(() -> count("pings") >= 2);
            assertThat(server.requests.getFirst().method()).isEqualTo("POST");
            assertThat(server.requests.getFirst().path()).isEqualTo("/ping");
            well.set(false);
            await().until(() -> count("withheld") >= 2);
            server.answer(503, Map.of(), "");
            well.set(true);
            await().until(() -> count("failures") >= 1);
        }
    }
}
