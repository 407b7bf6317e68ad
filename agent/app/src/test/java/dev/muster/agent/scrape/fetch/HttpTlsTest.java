package dev.muster.agent.scrape.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches over TLS, with certificates made for the test.
class HttpTlsTest {
    @TempDir private static Path shared;
    private static Certificates local;
    private static Certificates other;
    private static Certificates client;

    @TempDir private Path directory;
    private Fetching fetching;

    @BeforeAll
    static void makeCertificates() throws IOException {
        local = Certificates.make(shared, "local", "dns:localhost,ip:127.0.0.1");
        other = Certificates.make(shared, "other", "dns:other.example");
        client = Certificates.make(shared, "client", "dns:agent");
    }

    @BeforeEach
    void start() {
        fetching = new Fetching(directory);
    }

    @AfterEach
    void stop() {
        fetching.close();
    }

    private String serve(Certificates certificates, HttpServerOptions options) {
        HttpServer server =
                fetching.vertx
                        .createHttpServer(
                                options.setSsl(true)
                                        .setUseAlpn(true)
                                        .setSni(true)
                                        .setHost("127.0.0.1")
                                        .setPort(0)
                                        .setKeyCertOptions(
                                                new PemKeyCertOptions()
                                                        .setCertPath(certificates.cert().toString())
                                                        .setKeyPath(certificates.key().toString())))
                        .requestHandler(request ->
                                request.response()
                                        .putHeader("Content-Type", "text/plain")
                                        .end(
                                                "host{h=\""
                                                        + request.authority()
                                                        + "\",sni=\""
                                                        + request.connection().indicatedServerName()
                                                        + "\"} 1\n"));
        server.listen().toCompletionStage().toCompletableFuture().join();
        return "https://127.0.0.1:" + server.actualPort() + "/metrics";
    }

    private static String tls(String settings) {
        return "tls_config: {" + settings + "}";
    }

    private static String trust(Certificates certificates) {
        return "ca_file: " + certificates.cert();
    }

    private static String show(Certificates certificates) {
        return "cert_file: " + certificates.cert() + ", key_file: " + certificates.key();
    }

    private void failsWith(String settings, String url, String reason) throws IOException {
        FetchResult.Failed failed = fetching.failure(settings, url);
        assertThat(failed.reason()).startsWith("tls failed: ").containsIgnoringCase(reason);
        assertThat(failed.fault()).isEqualTo(FetchFault.TLS);
    }

    @Test
    void trustsWhatItIsTold() throws IOException {
        String url = serve(local, new HttpServerOptions());
        assertThat(fetching.text(tls(trust(local)), url)).startsWith("host{h=\"127.0.0.1:");
        failsWith("", url, "unable to find valid certification path");
        failsWith(tls(trust(other)), url, "path");
        assertThat(fetching.text(tls("insecure_skip_verify: true"), url)).startsWith("host{");
    }

    @Test
    void takesACertificateFromTheFileItself() throws IOException {
        String url = serve(local, new HttpServerOptions());
        String settings =
                "tls_config:\n  ca: |\n" + Files.readString(local.cert()).indent(4).stripTrailing();
        assertThat(fetching.text(settings, url)).startsWith("host{");
    }

    @Test
    void holdsTheServerToItsName() throws IOException {
        String url = serve(other, new HttpServerOptions());
        failsWith(tls(trust(other)), url, "No subject alternative names");
        String text = fetching.text(tls(trust(other) + ", server_name: other.example"), url);
        assertThat(text).startsWith("host{h=\"127.0.0.1:").contains("sni=\"other.example\"");
        failsWith(tls(trust(other) + ", server_name: wrong.example"), url, "wrong.example");
    }

    @Test
    void showsItsOwnCertificate() throws IOException {
        String url =
                serve(
                        local,
                        new HttpServerOptions()
                                .setClientAuth(ClientAuth.REQUIRED)
                                .setTrustOptions(
                                        new PemTrustOptions()
                                                .addCertPath(client.cert().toString())));
        assertThat(fetching.text(tls(trust(local) + ", " + show(client)), url)).startsWith("host{");
        FetchResult.Failed failed = fetching.failure(tls(trust(local)), url);
        assertThat(failed.fault()).isIn(FetchFault.TLS, FetchFault.CLOSED);
        assertThat(failed.reason()).contains("certificate");
        failed = fetching.failure(tls(trust(local) + ", " + show(other)), url);
        assertThat(failed.fault()).isIn(FetchFault.TLS, FetchFault.CLOSED);
    }

    @Test
    void readsCertificatesAgainWhenTheyChange() throws IOException {
        String url = serve(local, new HttpServerOptions().setIdleTimeout(1));
        Path ca = directory.resolve("ca.crt");
        Files.copy(other.cert(), ca);
        BodySource source = fetching.source(tls("ca_file: ca.crt"), url);
        assertThat(fetching.text(Fetching.fetch(source))).startsWith("TLS tls failed");
        Files.copy(local.cert(), ca, StandardCopyOption.REPLACE_EXISTING);
        assertThat(fetching.text(Fetching.fetch(source))).startsWith("host{");
    }

    @Test
    void saysWhichCertificateIsMissing() throws IOException {
        String url = serve(local, new HttpServerOptions());
        FetchResult.Failed failed = fetching.failure(tls("ca_file: absent.crt"), url);
        assertThat(failed.fault()).isEqualTo(FetchFault.CREDENTIALS);
        assertThat(failed.reason())
                .isEqualTo(
                        "tls_config: ca must be readable: NoSuchFile: "
                                + directory.resolve("absent.crt"));
        Files.writeString(directory.resolve("no.pem"), "topsecret");
        failed = fetching.failure(tls("ca_file: no.pem"), url);
        assertThat(failed.reason())
                .isEqualTo("tls_config: ca must be PEM: file=" + directory.resolve("no.pem"));
        Files.writeString(
                directory.resolve("bad.pem"),
                "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n");
        failed = fetching.failure(tls("ca_file: bad.pem"), url);
        assertThat(failed.reason()).doesNotContain("????");
    }

    @Test
    void speaksTheVersionsItIsTold() throws IOException {
        HttpServerOptions old =
                new HttpServerOptions().setEnabledSecureTransportProtocols(Set.of("TLSv1.2"));
        String url = serve(local, old);
        assertThat(fetching.text(tls(trust(local)), url)).startsWith("host{");
        failsWith(tls(trust(local) + ", min_version: TLS13"), url, "protocol");
    }

    @Test
    void speaksHttp2UnlessToldNotTo() throws IOException {
        String url = serve(local, new HttpServerOptions());
        assertThat(protocol(tls(trust(local)), url)).isEqualTo("HTTP/2");
        assertThat(protocol(tls(trust(local)) + "\nenable_http2: false", url))
                .isEqualTo("HTTP/1.1");
    }

    private String protocol(String settings, String url) throws IOException {
        FetchResult result = fetching.fetch(settings, url);
        return result.http().map(HttpExchange::protocol).orElse("");
    }
}
