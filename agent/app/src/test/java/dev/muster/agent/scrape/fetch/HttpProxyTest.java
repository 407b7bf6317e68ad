package dev.muster.agent.scrape.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.MisbehavingServer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fetches through a proxy in this process.
class HttpProxyTest {
    @TempDir private Path directory;
    private Fetching fetching;
    private LocalProxy proxy;
    private MisbehavingServer server;

    @BeforeEach
    void start() throws IOException {
        proxy = new LocalProxy();
        fetching = new Fetching(directory);
        server = new MisbehavingServer(MisbehavingServer.ok("a 1\n"));
    }

    @AfterEach
    void stop() throws IOException {
        fetching.close();
        server.close();
        proxy.close();
    }

    private String url() {
        return "http://" + server.address() + "/metrics";
    }

    private String secureUrl() throws IOException {
        Certificates local = Certificates.make(directory, "local", "ip:127.0.0.1");
        HttpServer secure =
                fetching.vertx
                        .createHttpServer(
                                new HttpServerOptions()
                                        .setSsl(true)
                                        .setHost("127.0.0.1")
                                        .setPort(0)
                                        .setKeyCertOptions(
                                                new PemKeyCertOptions()
                                                        .setCertPath(local.cert().toString())
                                                        .setKeyPath(local.key().toString())))
                        .requestHandler(request ->
                                request.response()
                                        .putHeader("Content-Type", "text/plain")
                                        .end("s 1\n"));
        secure.listen().toCompletionStage().toCompletableFuture().join();
        return "https://127.0.0.1:" + secure.actualPort() + "/metrics";
    }

    @Test
    void asksTheProxyForPlainTargets() throws IOException {
        assertThat(fetching.text("proxy_url: http://u:p%40x@" + proxy.address(), url()))
                .isEqualTo("a 1\n");
        assertThat(proxy.heads().getFirst())
                .startsWith("GET " + url() + " HTTP/1.1")
                .containsIgnoringCase("proxy-authorization: " + AccessReader.basic("u", "p@x"));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void tunnelsToTargetsWithTls() throws IOException {
        String url = secureUrl();
        String settings =
                "proxy_url: http://" + proxy.address() + "\ntls_config: {ca_file: local.crt}";
        assertThat(fetching.text(settings, url)).isEqualTo("s 1\n");
        assertThat(proxy.heads().getFirst()).startsWith("CONNECT 127.0.0.1:");
    }

    @Test
    void sendsHeadersWithConnect() throws IOException {
        String url = secureUrl();
        proxy.want("X-Ticket: 42");
        String settings =
                "proxy_url: http://u:p@"
                        + proxy.address()
                        + "\ntls_config: {ca_file: local.crt}\n"
                        + "proxy_connect_header: {X-Ticket: ['42']}";
        assertThat(fetching.text(settings, url)).isEqualTo("s 1\n");
        assertThat(proxy.heads().getFirst())
                .startsWith("CONNECT 127.0.0.1:")
                .contains("X-Ticket: 42")
                .contains("Proxy-Authorization: " + AccessReader.basic("u", "p"));
    }

    @Test
    void saysThatTheProxyRefuses() throws IOException {
        proxy.want("Proxy-Authorization:");
        String settings = "proxy_url: http://" + proxy.address();
        FetchResult.Failed plain = fetching.failure(settings, url());
        assertThat(plain.reason()).isEqualTo("http status=407 Proxy Authentication Required");
        FetchResult.Failed secure =
                fetching.failure(
                        settings + "\ntls_config: {insecure_skip_verify: true}", secureUrl());
        assertThat(secure.reason()).startsWith("proxy failed: ").contains("407");
        assertThat(secure.fault()).isEqualTo(FetchFault.PROXY);
    }

    @Test
    void goesAroundTheProxyWhenTold() throws IOException {
        String settings = "proxy_url: http://" + proxy.address() + "\nno_proxy: 10.0.0.0/8";
        assertThat(fetching.text(settings, url())).as("the host itself").isEqualTo("a 1\n");
        assertThat(proxy.heads()).isEmpty();
    }

    @Test
    void takesTheProxyOfTheEnvironment() throws IOException {
        Map<String, String> environment =
                Map.of("http_proxy", proxy.address(), "NO_PROXY", "127.0.0.1");
        try (Fetching named = new Fetching(directory, environment)) {
            String outside = "http://target.example:9100/metrics";
            assertThat(named.text("", url())).isEqualTo("a 1\n");
            assertThat(named.text("proxy_from_environment: true", url())).isEqualTo("a 1\n");
            assertThat(proxy.heads()).isEmpty();
            named.fetch("proxy_from_environment: true\nscrape_timeout: 2s", outside);
            assertThat(proxy.heads()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a.example | a.example:80 | true
                    a.example | b.a.example:80 | true
                    a.example | ba.example:80 | false
                    .a.example | a.example:80 | false
                    *.a.example | b.a.example:80 | true
                    a.example:81 | a.example:80 | false
                    a.example:81 | a.example:81 | true
                    10.0.0.0/8 | 10.1.2.3:80 | true
                    10.0.0.0/8 | 11.1.2.3:80 | false
                    10.1.2.3 | 10.1.2.3:80 | true
                    '' | localhost:80 | true
                    x | 127.0.0.5:80 | true
                    '*' | any:80 | true
                    'x, A.Example' | a.EXAMPLE:80 | true
                    10.1.2.3:9 | 10.1.2.3:80 | false
                    """)
    void readsListsOfHosts(String list, String address, boolean covered) {
        int colon = address.lastIndexOf(':');
        assertThat(
                        new ProxyBypass(list)
                                .covers(
                                        address.substring(0, colon),
                                        Integer.parseInt(address.substring(colon + 1))))
                .isEqualTo(covered);
    }

    @Test
    void knowsNewerAddresses() {
        ProxyBypass bypass = new ProxyBypass("fd00::/8, [2001:db8::1]:443");
        assertThat(bypass.covers("fd12::1", 80)).isTrue();
        assertThat(bypass.covers("2001:db8::1", 443)).isTrue();
        assertThat(bypass.covers("2001:db8::1", 80)).isFalse();
        assertThat(bypass.covers("::1", 80)).isTrue();
    }
}
