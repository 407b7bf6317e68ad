package dev.muster.blocks.bucket;

import java.time.Duration;

/// Where objects are stored.
///
/// @param url `file:///directory`, `s3://bucket/prefix` (the prefix may be missing) or `memory:`
/// @param endpoint for S3: URL of the service; empty for Amazon's of the region
/// @param region for S3; empty for `us-east-1`
/// @param accessKey for S3; empty for requests without a signature
/// @param secretKey for S3; never shown
/// @param connectTimeout for S3: time to open a connection
/// @param requestTimeout for S3: time between two bytes of an answer, and four times this for a
///   whole request
public record BucketConfig(
        String url,
        String endpoint,
        String region,
        String accessKey,
        String secretKey,
        Duration connectTimeout,
        Duration requestTimeout) {
    public BucketConfig {
        positive("connect timeout", connectTimeout);
        positive("request timeout", requestTimeout);
    }

    /// A bucket without credentials, with default timeouts.
    public static BucketConfig of(String url) {
        return new BucketConfig(url, "", "", "", "", Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    public BucketConfig withEndpoint(String newEndpoint, String newRegion) {
        return new BucketConfig(
                url, newEndpoint, newRegion, accessKey, secretKey, connectTimeout, requestTimeout);
    }

    public BucketConfig withCredentials(String newAccessKey, String newSecretKey) {
        return new BucketConfig(
                url, endpoint, region, newAccessKey, newSecretKey, connectTimeout, requestTimeout);
    }

    public BucketConfig withTimeouts(Duration newConnectTimeout, Duration newRequestTimeout) {
        return new BucketConfig(
                url, endpoint, region, accessKey, secretKey, newConnectTimeout, newRequestTimeout);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "bucket: " + name + " must be positive: found=" + value);
        }
    }

    /// Without the keys.
    @Override
    public String toString() {
        return "BucketConfig[url=" + url + ", endpoint=" + endpoint + ", region=" + region + "]";
    }
}
