package dev.muster.blocks.bucket;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.ObjectWriteArgs;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.UploadObjectArgs;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/// Objects of an S3 bucket, under an optional prefix.
final class S3Bucket implements Bucket {
    private static final System.Logger LOG = System.getLogger(S3Bucket.class.getName());
    private static final int REQUESTS_LIMIT = 256;

    /// A conditional put works for one request, so objects are never sent in parts.
    private static final long LARGEST_BYTES = ObjectWriteArgs.MAX_PART_SIZE;

    private final MinioClient client;
    private final String bucket;

    /// Empty, or ends with `/`.
    private final String prefix;

    private final S3Errors errors;

    private S3Bucket(MinioClient client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        errors = new S3Errors(describe());
    }

    static S3Bucket open(S3Url url, BucketConfig config) throws BucketException {
        String region = config.region().isEmpty() ? "us-east-1" : config.region();
        String endpoint =
                config.endpoint().isEmpty()
                        ? "https://s3." + region + ".amazonaws.com"
                        : config.endpoint();
        MinioClient.Builder builder =
                MinioClient.builder()
                        .endpoint(endpoint)
                        .region(region)
                        .httpClient(httpClient(config), true);
        if (!config.accessKey().isEmpty()) {
            builder.credentials(config.accessKey(), config.secretKey());
        }
        S3Bucket opened = new S3Bucket(builder.build(), url.bucket(), url.prefix());
        try {
            opened.probe(endpoint);
        } catch (BucketException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    private static OkHttpClient httpClient(BucketConfig config) {
        Dispatcher dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
        dispatcher.setMaxRequests(REQUESTS_LIMIT);
        dispatcher.setMaxRequestsPerHost(REQUESTS_LIMIT);
        return new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(REQUESTS_LIMIT, 1, TimeUnit.MINUTES))
                .connectTimeout(config.connectTimeout())
                .readTimeout(config.requestTimeout())
                .writeTimeout(config.requestTimeout())
                .callTimeout(config.requestTimeout().multipliedBy(4))
                .build();
    }

    private void probe(String endpoint) throws BucketException {
        try {
            BucketExistsArgs asked = BucketExistsArgs.builder().bucket(bucket).build();
            if (!sent(() -> client.bucketExists(asked))) {
                throw new BucketException(
                        BucketException.Kind.REFUSED,
                        "%s open: bucket must exist: endpoint=%s".formatted(describe(), endpoint),
                        null);
            }
        } catch (MinioException e) {
            BucketException failed = errors.of("open", "", e);
            if (!failed.retryable()) {
                throw failed;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "object store is away for now: " + failed.getMessage());
        }
    }

    @Override
    public PutResult putIfAbsent(String key, Path file) throws IOException {
        long sizeBytes = Files.size(file);
        if (sizeBytes > LARGEST_BYTES) {
            throw new BucketException(
                    BucketException.Kind.REFUSED,
                    "%s put key=%s: object must have at most %d bytes: found=%d"
                            .formatted(describe(), key, LARGEST_BYTES, sizeBytes),
                    null);
        }
        if (sizeBytes == 0) {
            return putIfAbsent(key, new byte[0]);
        }
        return put(
                key,
                () ->
                        client.uploadObject(
                                UploadObjectArgs.builder()
                                        .bucket(bucket)
                                        .object(name(key))
                                        .filename(file.toString(), partBytes(sizeBytes))
                                        .extraHeaders(ifAbsent())
                                        .build()));
    }

    @Override
    public PutResult putIfAbsent(String key, byte[] content) throws IOException {
        return put(
                key,
                () ->
                        client.putObject(
                                PutObjectArgs.builder()
                                        .bucket(bucket)
                                        .object(name(key))
                                        .data(content, content.length)
                                        .extraHeaders(ifAbsent())
                                        .build()));
    }

    private static Http.Headers ifAbsent() {
        return new Http.Headers(Map.of("If-None-Match", "*"));
    }

    /// One part, whatever the size.
    private static long partBytes(long sizeBytes) {
        return Math.max(sizeBytes, ObjectWriteArgs.MIN_MULTIPART_SIZE);
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws MinioException;
    }

    /// The client throws an [IllegalStateException] where it means an [IOException].
    private static <T> T sent(Request<T> request) throws MinioException {
        try {
            return request.send();
        } catch (IllegalStateException e) {
            throw new MinioException(e);
        }
    }

    private PutResult put(String key, Request<ObjectWriteResponse> put) throws BucketException {
        try {
            sent(put);
            return PutResult.CREATED;
        } catch (MinioException e) {
            if (S3Errors.status(e) == 412) {
                return PutResult.EXISTS;
            }
            throw errors.of("put", key, e);
        }
    }

    @Override
    public byte[] range(String key, long offset, int length) throws BucketException {
        Keys.checkRange(key, offset, length);
        String name = name(key);
        if (length == 0) {
            return new byte[0];
        }
        GetObjectArgs asked =
                GetObjectArgs.builder()
                        .bucket(bucket)
                        .object(name)
                        .offset(offset)
                        .length((long) length)
                        .build();
        try (GetObjectResponse response = sent(() -> client.getObject(asked))) {
            String answered = response.headers().get("Content-Range");
            byte[] content = response.readNBytes(length);
            if (content.length < length
                    || answered == null
                    || !answered.startsWith("bytes " + offset + "-")) {
                throw Keys.endsBefore(describe(), key, offset, length, content.length);
            }
            return content;
        } catch (BucketException e) {
            throw e;
        } catch (MinioException e) {
            if (S3Errors.status(e) == 416) {
                throw Keys.endsBefore(describe(), key, offset, length, 0);
            }
            throw errors.of("range", key, e);
        } catch (IOException e) {
            throw errors.away("range", key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws BucketException {
        String name = name(key);
        try {
            StatObjectResponse found =
                    client.statObject(StatObjectArgs.builder().bucket(bucket).object(name).build());
            return Optional.of(
                    new ObjectInfo(
                            key,
                            found.size(),
                            etag(found.etag(), found.size(), found.lastModified().toInstant()),
                            found.lastModified().toInstant()));
        } catch (MinioException e) {
            BucketException failed = errors.of("stat", key, e);
            if (failed.kind() == BucketException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    @Override
    public List<ObjectInfo> list(String keyPrefix) throws BucketException {
        Keys.checkPrefix(keyPrefix);
        List<ObjectInfo> found = new ArrayList<>();
        try {
            for (Result<Item> result :
                    client.listObjects(
                            ListObjectsArgs.builder()
                                    .bucket(bucket)
                                    .prefix(prefix + keyPrefix)
                                    .recursive(true)
                                    .build())) {
                Item item = result.get();
                if (!item.isDir()) {
                    found.add(
                            new ObjectInfo(
                                    item.objectName().substring(prefix.length()),
                                    item.size(),
                                    etag(item.etag(), item.size(), item.lastModified().toInstant()),
                                    item.lastModified().toInstant()));
                }
            }
            return found;
        } catch (MinioException e) {
            throw errors.of("list", keyPrefix, e);
        } catch (IllegalStateException e) {
            throw errors.of("list", keyPrefix, new MinioException(e));
        }
    }

    /// What tells one content of an object from another. A service that stands before files which
    /// others have put there may say none.
    private static String etag(@Nullable String said, long sizeBytes, Instant modified) {
        return said == null
                ? Long.toHexString(sizeBytes) + '-' + Long.toHexString(modified.toEpochMilli())
                : said.replace("\"", "");
    }

    @Override
    public void delete(String key) throws BucketException {
        RemoveObjectArgs asked =
                RemoveObjectArgs.builder().bucket(bucket).object(name(key)).build();
        try {
            sent(() -> {
                client.removeObject(asked);
                return true;
            });
        } catch (MinioException e) {
            BucketException failed = errors.of("delete", key, e);
            if (failed.kind() != BucketException.Kind.NOT_FOUND) {
                throw failed;
            }
        }
    }

    private String name(String key) {
        Keys.check(key);
        return prefix + key;
    }

    @Override
    public String describe() {
        return "s3://"
                + bucket
                + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, () -> "s3 client did not close " + describe(), e);
        }
    }
}
