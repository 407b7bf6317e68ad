package dev.muster.blocks.bucket;

import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.net.URI;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.auth.AuthenticationType;

/// An S3 service in this JVM, shared by all tests: each asks for a bucket of its own.
public final class S3Proxy {
    public static final String ACCESS_KEY = "test-access-key";
    public static final String SECRET_KEY = "test-secret-key";

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static final String ENDPOINT = start();
    private static final MinioClient CLIENT =
            MinioClient.builder()
                    .endpoint(ENDPOINT)
                    .region("us-east-1")
                    .credentials(ACCESS_KEY, SECRET_KEY)
                    .build();

    private S3Proxy() {}

    private static String start() {
        try {
            org.gaul.s3proxy.S3Proxy proxy =
                    org.gaul.s3proxy.S3Proxy.builder()
                            .blobStore(
                                    org.gaul.s3proxy.BlobStores.create(
                                            "transient-nio2", new Properties()))
                            .jettyMaxThreads(8)
                            .awsAuthentication(
                                    AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                            .endpoint(URI.create("http://127.0.0.1:0"))
                            .build();
            proxy.start();
            return "http://127.0.0.1:" + proxy.getPort();
        } catch (Exception e) {
            throw new IllegalStateException("s3proxy must start", e);
        }
    }

    /// A config of a new, empty bucket.
    public static BucketConfig newBucket(String prefix) throws Exception {
        String name = "bucket-" + BUCKETS.incrementAndGet();
        CLIENT.makeBucket(MakeBucketArgs.builder().bucket(name).build());
        return BucketConfig.of("s3://" + name + prefix)
                .withEndpoint(ENDPOINT, "us-east-1")
                .withCredentials(ACCESS_KEY, SECRET_KEY);
    }
}
