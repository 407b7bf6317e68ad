package dev.muster.blocks.bucket;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.InstantSource;

/// Opens buckets.
public final class Buckets {
    private Buckets() {}

    /// Opens the bucket that the config names, and sees that it can be used.
    ///
    /// @throws IllegalArgumentException if the URL is not one of a bucket
    /// @throws BucketException if the directory cannot be written or the S3 bucket is refused; an
    ///   S3 bucket that is away is no error, because it may come back
    public static Bucket open(BucketConfig config) throws IOException {
        String url = config.url();
        if (url.equals("memory:")) {
            return new MemoryBucket(InstantSource.system());
        }
        if (url.startsWith("file:")) {
            return DirectoryBucket.open(directory(url));
        }
        if (url.startsWith("s3://")) {
            checkEndpoint(config.endpoint());
            return S3Bucket.open(S3Url.of(url), config);
        }
        throw new IllegalArgumentException(
                "bucket url: must be file:///directory, s3://bucket/prefix or memory: : found="
                        + withoutUser(url));
    }

    private static Path directory(String url) {
        URI uri = uri("url", url);
        String path = uri.getPath();
        if (path == null
                || !path.startsWith("/")
                || (uri.getAuthority() != null && !uri.getAuthority().isEmpty())) {
            throw new IllegalArgumentException(
                    "bucket url: a directory must be absolute, as in file:///var/lib/muster:"
                            + " found="
                            + withoutUser(url));
        }
        return Path.of(path);
    }

    private static void checkEndpoint(String endpoint) {
        if (endpoint.isEmpty()) {
            return;
        }
        URI uri = uri("endpoint", endpoint);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean bare =
                uri.getPath() == null || uri.getPath().isEmpty() || "/".equals(uri.getPath());
        if (!http || uri.getHost() == null || !bare || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "bucket endpoint: must be http or https, a host and a port: found="
                            + withoutUser(endpoint));
        }
    }

    private static URI uri(String name, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "bucket %s: must be a URL: found=%s".formatted(name, withoutUser(text)), e);
        }
    }

    /// What may be a password before an `@` is not shown.
    private static String withoutUser(String url) {
        return url.replaceAll("//[^/]*@", "//…@");
    }
}
