package dev.muster.agent.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.services.listener.LocalPorts;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static final ScrapeTiming TIMING =
            new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static Target target(String host, int port, String kind, Labels discovered) {
        ScrapeJob job = ScrapeJob.ofHost("h", TIMING, ScrapeLimits.NONE);
        return new Target(
                job,
                new TargetOrigin("web", kind, Place.BUILT_IN, ""),
                Labels.of("job", "web", "instance", host + ":" + port),
                discovered,
                new Endpoint.Http(false, host, port, "/metrics"),
                TIMING,
                Labels.EMPTY);
    }

    private static Target target(String host, int port) {
        return target(host, port, "static", Labels.EMPTY);
    }

    private static String host(Reach.Answer answer) {
        return answer.endpoint().map(Endpoint.Http::host).orElse(answer.reason());
    }

    @Test
    void findsOutWhoListensOnLoopbackOnly() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket everywhere = new ServerSocket(0);
                ServerSocket inside = new ServerSocket(0, 1, loopback)) {
            Reach reach = new Reach("10.0.0.7", LocalPorts.read(Path.of("/proc"))::reachable);
            assertThat(host(reach.of(target("127.0.0.1", everywhere.getLocalPort()))))
                    .isEqualTo("10.0.0.7");
            assertThat(host(reach.of(target("localhost", inside.getLocalPort()))))
                    .isEqualTo(Reach.LOOPBACK_ONLY);
            assertThat(host(reach.of(target("10.1.2.3", inside.getLocalPort()))))
                    .isEqualTo("10.1.2.3");
        }
    }

    @Test
    void takesLoopbackWherePeersAreOnTheSameHost() {
        Reach reach = new Reach("127.0.0.2", (_, _) -> "");
        assertThat(host(reach.of(target("127.0.0.1", 80)))).isEqualTo("127.0.0.1");
    }

    @Test
    void knowsWhatOtherHostsCannotFind() {
        Reach reach = new Reach("10.0.0.7", (_, everywhere) -> everywhere);
        Labels container = Labels.of("__meta_listener_network", "net:[4026]");
        Labels pod = container.toBuilder().set("__meta_listener_pod_uid", "u").build();
        assertThat(host(reach.of(target("172.17.0.2", 80, "listener", container))))
                .isEqualTo(Reach.OTHER_NETWORK);
        assertThat(host(reach.of(target("172.17.0.2", 80, "docker", Labels.EMPTY))))
                .isEqualTo(Reach.OTHER_NETWORK);
        assertThat(host(reach.of(target("10.42.0.9", 80, "listener", pod)))).isEqualTo("10.42.0.9");
    }

    @Test
    void knowsLoopbackByItsNames() {
        assertThat(Reach.isLoopback("localhost")).isTrue();
        assertThat(Reach.isLoopback("::1")).isTrue();
        assertThat(Reach.isLoopback("127.9.9.9")).isTrue();
        assertThat(Reach.isLoopback("10.0.0.1")).isFalse();
        assertThat(Reach.isLoopback("web.example")).isFalse();
    }
}
