package dev.muster.agent.scrape.sd.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.NoRequests;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lookups at a real server on loopback.
class DnsTargetsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    @TempDir private Path directory;

    private final DiscoveryBench bench = new DiscoveryBench();
    private FakeDnsServer server;
    private Path resolvConf;

    @BeforeEach
    void start() throws IOException {
        server = new FakeDnsServer();
        resolvConf =
                Files.writeString(
                        directory.resolve("resolv.conf"),
                        "# ours\nnameserver 127.0.0.1\nsearch corp.test\noptions ndots:1 timeout:1"
                                + " attempts:1\n");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Discovery open(DnsType type, int port, String... names) {
        return new DnsTargets(List.of(names), type, port, INTERVAL)
                .open(bench.context(new NoRequests()), resolvConf, server.port());
    }

    @Test
    void findsServices() {
        server.srv("_m._tcp.x.test.", "a.x.test", 9100);
        server.srv("_m._tcp.x.test.", "b.x.test", 9200);
        try (Discovery discovery = open(DnsType.SRV, 0, "_m._tcp.x.test")) {
            assertThat(DiscoveryBench.targets(discovery))
                    .containsExactly(
                            Labels.of(
                                    "__address__",
                                    "a.x.test:9100",
                                    "__meta_dns_name",
                                    "_m._tcp.x.test",
                                    "__meta_dns_srv_record_port",
                                    "9100",
                                    "__meta_dns_srv_record_target",
                                    "a.x.test."),
                            Labels.of(
                                    "__address__",
                                    "b.x.test:9200",
                                    "__meta_dns_name",
                                    "_m._tcp.x.test",
                                    "__meta_dns_srv_record_port",
                                    "9200",
                                    "__meta_dns_srv_record_target",
                                    "b.x.test."));
        }
    }

    @Test
    void findsAddressesBehindAliases() {
        server.alias("x.test.", "y.test");
        server.address("x.test.", "10.0.0.1");
        server.address("six.test.", "2001:db8:0:0:1::7");
        try (Discovery four = open(DnsType.A, 80, "x.test");
                Discovery six = open(DnsType.AAAA, 80, "six.test")) {
            assertThat(addresses(four)).containsExactly("10.0.0.1:80");
            assertThat(addresses(six)).containsExactly("[2001:db8::1:0:0:7]:80");
        }
    }

    @Test
    void findsMailAndNameServers() {
        server.mx("x.test.", "mail.x.test");
        server.ns("y.test.", "ns.y.test");
        try (Discovery mail = open(DnsType.MX, 25, "x.test");
                Discovery names = open(DnsType.NS, 53, "y.test")) {
            assertThat(DiscoveryBench.targets(mail))
                    .containsExactly(
                            Labels.of(
                                    "__address__",
                                    "mail.x.test:25",
                                    "__meta_dns_mx_record_target",
                                    "mail.x.test.",
                                    "__meta_dns_name",
                                    "x.test"));
            assertThat(DiscoveryBench.targets(names))
                    .containsExactly(
                            Labels.of(
                                    "__address__",
                                    "ns.y.test:53",
                                    "__meta_dns_name",
                                    "y.test",
                                    "__meta_dns_ns_record_target",
                                    "ns.y.test."));
        }
    }

    @Test
    void looksInSearchDomains() {
        server.address("db.corp.test.", "10.0.0.2");
        try (Discovery discovery = open(DnsType.A, 80, "db")) {
            assertThat(addresses(discovery)).containsExactly("10.0.0.2:80");
        }
        assertThat(server.asked()).containsExactly("db.corp.test.");
    }

    @Test
    void asksOverTcpWhatDoesNotFit() {
        server.truncates = true;
        server.address("x.test.", "10.0.0.1");
        try (Discovery discovery = open(DnsType.A, 80, "x.test")) {
            assertThat(addresses(discovery)).containsExactly("10.0.0.1:80");
        }
        assertThat(server.asked()).containsExactly("x.test.", "tcp x.test.");
    }

    @Test
    void keepsTargetsWhileServersFail() {
        server.address("x.test.", "10.0.0.1");
        try (Discovery discovery = open(DnsType.A, 80, "x.test")) {
            assertThat(addresses(discovery)).hasSize(1);
            server.code = 2;
            DiscoveryState failed =
                    bench.next(discovery, INTERVAL, state -> !state.error().isEmpty());
            assertThat(failed.groups()).hasSize(1);
            assertThat(failed.error())
                    .isEqualTo(
                            "dns name=x.test. type=A: a server must answer: servers=[127.0.0.1],"
                                    + " code=2");
            server.code = 0;
            server.clear();
            bench.next(discovery, INTERVAL, state -> state.error().isEmpty());
            assertThat(addresses(discovery)).as("the name is gone").isEmpty();
        }
    }

    @Test
    void refusesAnswersThatAreNone() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        server.address("x.test.", "10.0.0.1");
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[12 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[2] |= (byte) 0x80;
            server.garbage = bytes;
            DnsResolver resolver = new DnsResolver(resolvConf, server.port(), random);
            assertThatThrownBy(() -> resolver.lookUp("x.test.", DnsType.A))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesNamesThatPointInCircles() {
        byte[] bytes = new byte[40];
        bytes[2] = (byte) 0x81;
        bytes[5] = 1;
        bytes[12] = (byte) 0xc0;
        bytes[13] = 12;
        assertThatThrownBy(() -> DnsMessage.answer(bytes, bytes.length, "x.", DnsType.A))
                .hasMessage("dns name must end: pointers=128");
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> new DnsTargets(List.of("x"), DnsType.A, 0, INTERVAL))
                .hasMessage("port must be 1 to 65535 for records other than SRV: type=A, port=0");
        assertThatThrownBy(() -> new DnsTargets(List.of("a..b"), DnsType.SRV, 0, INTERVAL))
                .hasMessage("must be a DNS name: found=a..b");
    }

    private static List<String> addresses(Discovery discovery) {
        return DiscoveryBench.targets(discovery).stream()
                .map(labels -> labels.valueOf(TargetGroup.ADDRESS))
                .toList();
    }
}
