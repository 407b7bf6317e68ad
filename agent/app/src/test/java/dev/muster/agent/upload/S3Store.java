package dev.muster.agent.upload;

import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/// An S3 service in this JVM with one bucket, `muster`.
final class S3Store implements AutoCloseable {
    static final String ACCESS_KEY = "test-access-key";
    static final String SECRET_KEY = "test-secret-key";

    private final S3Proxy proxy;

    private S3Store(S3Proxy proxy) {
        this.proxy = proxy;
    }

    static S3Store start(int port) throws Exception {
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        S3Proxy proxy =
                S3Proxy.builder()
                        .blobStore(BlobStores.create("transient-nio2", new Properties()))
                        .jettyMaxThreads(8)
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                        .endpoint(endpoint)
                        .build();
        proxy.start();
        MinioClient.builder()
                .endpoint(endpoint.toString())
                .region("us-east-1")
                .credentials(ACCESS_KEY, SECRET_KEY)
                .build()
                .makeBucket(MakeBucketArgs.builder().bucket("muster").build());
        return new S3Store(proxy);
    }

    /// Stops it in the background: it waits half a minute for connections that clients keep.
    @Override
    public void close() {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        proxy.stop();
                    } catch (Exception e) {
                        throw new IllegalStateException("s3proxy must stop", e);
                    }
                });
    }
}
