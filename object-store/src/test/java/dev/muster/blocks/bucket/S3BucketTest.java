package dev.muster.blocks.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3BucketTest extends BucketContract {
    @Override
    Bucket open() throws Exception {
        return Buckets.open(S3Proxy.newBucket("/some/prefix"));
    }

    @Test
    void keepsToItsPrefix() throws Exception {
        BucketConfig whole = S3Proxy.newBucket("");
        BucketConfig part =
                BucketConfig.of(whole.url() + "/part/")
                        .withEndpoint(whole.endpoint(), "us-east-1")
                        .withCredentials(whole.accessKey(), whole.secretKey());
        try (Bucket outer = Buckets.open(whole);
                Bucket inner = Buckets.open(part)) {
            inner.putIfAbsent("x", bytes("1"));
            outer.putIfAbsent("parting", bytes("2"));

            assertThat(inner.list("")).extracting(ObjectInfo::key).containsExactly("x");
            assertThat(outer.list(""))
                    .extracting(ObjectInfo::key)
                    .containsExactly("part/x", "parting");
            assertThat(inner.describe()).isEqualTo(whole.url() + "/part");
        }
    }

    @Test
    void saysMd5AsEtag() throws Exception {
        try (Bucket bucket = open()) {
            bucket.putIfAbsent("x", bytes("abc"));

            assertThat(bucket.stat("x").orElseThrow().etag())
                    .isEqualTo("900150983cd24fb0d6963f7d28e17f72");
        }
    }

    @Test
    void refusesABucketThatIsNotThere() throws Exception {
        BucketConfig config = S3Proxy.newBucket("");
        BucketConfig other =
                BucketConfig.of("s3://nowhere")
                        .withEndpoint(config.endpoint(), "us-east-1")
                        .withCredentials(config.accessKey(), config.secretKey());

        assertThatThrownBy(() -> Buckets.open(other))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessage("s3://nowhere open: bucket must exist: endpoint=" + config.endpoint());
    }

    @Test
    void doesNotShowAWrongSecret() throws Exception {
        BucketConfig config = S3Proxy.newBucket("");
        BucketConfig wrong = config.withCredentials(S3Proxy.ACCESS_KEY, "wrong-and-secret");

        assertThatThrownBy(() -> Buckets.open(wrong))
                .isInstanceOfSatisfying(
                        BucketException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(BucketException.Kind.REFUSED);
                            assertThat(e.getCause()).isNull();
                            assertThat(e.toString()).doesNotContain("wrong-and-secret");
                        })
                .hasMessageContaining("status=403");
        assertThat(wrong.toString()).doesNotContain("wrong-and-secret");
    }

    @Test
    void opensWhileTheStoreIsAwayAndSaysToTryAgain() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        BucketConfig config =
                BucketConfig.of("s3://metrics")
                        .withEndpoint("http://127.0.0.1:" + port, "")
                        .withCredentials("k", "s3cr3t-key")
                        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2));

        try (Bucket bucket = Buckets.open(config)) {
            assertThatThrownBy(() -> bucket.putIfAbsent("a", bytes("x")))
                    .isInstanceOfSatisfying(
                            BucketException.class,
                            e -> {
                                assertThat(e.retryable()).isTrue();
                                assertThat(e.toString()).doesNotContain("s3cr3t-key");
                            })
                    .hasMessageStartingWith("s3://metrics put key=a: store must be reachable:");
            assertThatThrownBy(() -> bucket.list("a"))
                    .isInstanceOfSatisfying(
                            BucketException.class, e -> assertThat(e.retryable()).isTrue());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "429, UNAVAILABLE",
        "409, UNAVAILABLE",
        "403, REFUSED",
        "400, REFUSED",
        "404, NOT_FOUND"
    })
    void classifiesAnswers(int status, BucketException.Kind kind) throws Exception {
        try (Answering server = new Answering(status);
                Bucket bucket =
                        S3Bucket.open(
                                new S3Url("metrics", ""),
                                BucketConfig.of("s3://metrics").withEndpoint(server.url(), ""))) {
            assertThatThrownBy(() -> bucket.range("a", 0, 5))
                    .isInstanceOfSatisfying(
                            BucketException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        }
    }

    /// Says that the bucket exists, and answers the same to all else.
    private static final class Answering implements AutoCloseable {
        private final HttpServer server;

        Answering(int status) throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        boolean object = exchange.getRequestURI().getPath().endsWith("/a");
                        byte[] body = bytes("<Error><Code>Oops</Code><Message>m</Message></Error>");
                        exchange.getResponseHeaders().add("Content-Type", "application/xml");
                        exchange.sendResponseHeaders(
                                object ? status : 200, object ? body.length : -1);
                        if (object) {
                            exchange.getResponseBody().write(body);
                        }
                        exchange.close();
                    });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
