package dev.muster.agent.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploaderTest {
    private static final long HOUR_MS = 3_600_000;
    private static final TimeRange FIRST = new TimeRange(0, HOUR_MS);
    private static final TimeRange SECOND = new TimeRange(HOUR_MS, 2 * HOUR_MS);

    @TempDir private Path directory;

    private final FakeWindows windows = new FakeWindows();
    private long nowMs = 3 * HOUR_MS;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);

    private Uploader uploader(Bucket bucket) throws IOException {
        return new Uploader(
                new UploadPlan(
                        "c",
                        "h",
                        directory.resolve("upload"),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(1)),
                windows,
                bucket,
                clock,
                new Random(1));
    }

    private Bucket directoryBucket() throws IOException {
        return Buckets.open(BucketConfig.of("file://" + directory.resolve("store")));
    }

    @Test
    void shipsOldestFirstAndReleasesAfterAWhile() throws IOException {
        windows.closed.addAll(List.of(FIRST, SECOND));
        try (Bucket bucket = directoryBucket();
                Uploader uploader = uploader(bucket)) {
            assertThat(uploader.step()).isEqualTo(10_000);
            assertThat(bucket.list("v1/")).hasSize(4);
            assertThat(bucket.list("v1/series/"))
                    .extracting(ObjectInfo::key)
                    .allMatch(key -> key.startsWith("v1/series/level=L0/date=1970-01-01/cell=c/"));
            assertThat(windows.released).isEmpty();
            assertThat(uploader.shipments())
                    .extracting(Shipment::window)
                    .containsExactly(FIRST, SECOND);
            assertThat(uploader.shipments())
                    .allMatch(shipment -> shipment.state() == Shipment.State.SHIPPED)
                    .allMatch(shipment -> shipment.samples() > 0 && shipment.sizeBytes() > 0);
            nowMs += Duration.ofMinutes(10).toMillis() - 1;
            uploader.step();
            assertThat(windows.released).isEmpty();
            nowMs++;
            uploader.step();
            assertThat(windows.released).containsExactly(FIRST, SECOND);
            assertThat(uploader.shipments())
                    .allMatch(shipment -> shipment.state() == Shipment.State.RELEASED);
            assertThat(uploader.blocksShipped()).isEqualTo(2);
            assertThat(uploader.blocksPending()).isZero();
            assertThat(metrics(uploader))
                    .contains("muster_upload_blocks_total{result=\"shipped\"} 2");
        }
        try (Stream<Path> left = Files.list(directory.resolve("upload"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aRestartShipsNothingTwice() throws IOException {
        windows.closed.add(FIRST);
        try (Bucket bucket = directoryBucket()) {
            uploader(bucket).step();
            int reads = windows.reads;
            nowMs += 1_000;
            Uploader again = uploader(bucket);
            again.step();
            assertThat(windows.reads).as("known to have arrived").isEqualTo(reads);
            assertThat(again.shipments())
                    .containsExactly(
                            new Shipment(
                                    FIRST,
                                    new BlockId("c", "h", FIRST).seriesKey(),
                                    Shipment.State.SHIPPED,
                                    nowMs - 1_000,
                                    -1,
                                    -1));
            nowMs += Duration.ofMinutes(10).toMillis();
            again.step();
            assertThat(windows.released).containsExactly(FIRST);
        }
    }

    @Test
    void aCrashBeforeTheConfirmationWasKeptShipsTheSameAgain() throws IOException {
        windows.closed.add(FIRST);
        try (Bucket bucket = directoryBucket()) {
            uploader(bucket).step();
            List<ObjectInfo> before = bucket.list("v1/");
            try (Stream<Path> files = Files.list(directory.resolve("upload"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Uploader again = uploader(bucket);
            again.step();
            assertThat(bucket.list("v1/")).isEqualTo(before);
            assertThat(metrics(again)).contains("muster_upload_blocks_total{result=\"present\"} 1");
        }
    }

    @Test
    void waitsLongerWhileTheStoreIsAwayAndLosesNothing() throws IOException {
        windows.closed.add(FIRST);
        try (Bucket store = directoryBucket();
                AwayBucket bucket = new AwayBucket(store);
                Uploader uploader = uploader(bucket)) {
            bucket.away = true;
            long lastMs = 0;
            for (int i = 0; i < 60; i++) {
                long pauseMs = uploader.step();
                assertThat(pauseMs).isBetween(500L, 60_000L);
                nowMs += pauseMs;
                lastMs = pauseMs;
                if (i == 30) {
                    windows.closed.add(SECOND);
                }
            }
            assertThat(lastMs).isGreaterThanOrEqualTo(30_000);
            assertThat(uploader.error()).contains("store is away");
            assertThat(uploader.blocksPending()).isEqualTo(2);
            assertThat(windows.released).isEmpty();
            assertThat(windows.reads).as("the block is written once").isEqualTo(1);
            bucket.away = false;
            assertThat(uploader.step()).isEqualTo(10_000);
            assertThat(uploader.error()).isEmpty();
            assertThat(uploader.blocksShipped()).isEqualTo(2);
            assertThat(store.list("v1/series/")).hasSize(2);
        }
    }

    @Test
    void shipsToS3OnceItIsThere() throws Exception {
        windows.closed.add(FIRST);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        BucketConfig config =
                BucketConfig.of("s3://muster/prod")
                        .withEndpoint("http://127.0.0.1:" + port, "us-east-1")
                        .withCredentials(S3Store.ACCESS_KEY, S3Store.SECRET_KEY)
                        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(30));
        try (Bucket bucket = Buckets.open(config);
                Uploader uploader = uploader(bucket)) {
            uploader.step();
            assertThat(uploader.error()).isNotEmpty();
            assertThat(uploader.blocksPending()).isEqualTo(1);
            try (S3Store _ = S3Store.start(port)) {
                uploader.step();
                assertThat(uploader.error()).isEmpty();
                assertThat(uploader.blocksShipped()).isEqualTo(1);
                assertThat(bucket.list("v1/")).hasSize(2);
            }
        }
    }

    private static String metrics(Uploader uploader) {
        ExpositionWriter out = new ExpositionWriter();
        uploader.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    /// Windows with one series of one sample a minute.
    private static final class FakeWindows implements ClosedWindows {
        private final List<TimeRange> closed = new ArrayList<>();
        private final List<TimeRange> released = new ArrayList<>();
        private int reads;

        @Override
        public List<TimeRange> closed() {
            return List.copyOf(closed);
        }

        @Override
        public SeriesSource samples(TimeRange window) {
            reads++;
            return _ -> new MinuteSeries(window);
        }

        @Override
        public void release(TimeRange window) {
            closed.remove(window);
            released.add(window);
        }
    }

    private record MinuteSeries(TimeRange window) implements SeriesSet {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Labels labels(int index) {
            return Labels.of("__name__", "up", "job", "web", "instance", "h:1");
        }

        @Override
        public SampleReader reader() {
            return this::read;
        }

        private void read(int index, SampleColumns into) {
            for (long ms = window.startMs(); ms < window.endMs(); ms += 60_000) {
                into.append(ms, index);
            }
        }

        @Override
        public void close() {}
    }

    /// A bucket that can be away.
    private static final class AwayBucket implements Bucket {
        private final Bucket behind;
        private boolean away;

        AwayBucket(Bucket behind) {
            this.behind = behind;
        }

        private Bucket reach() throws IOException {
            if (away) {
                throw new BucketException(BucketException.Kind.UNAVAILABLE, "store is away", null);
            }
            return behind;
        }

        @Override
        public PutResult putIfAbsent(String key, Path file) throws IOException {
            return reach().putIfAbsent(key, file);
        }

        @Override
        public PutResult putIfAbsent(String key, byte[] content) throws IOException {
            return reach().putIfAbsent(key, content);
        }

        @Override
        public byte[] range(String key, long offset, int length) throws IOException {
            return reach().range(key, offset, length);
        }

        @Override
        public Optional<ObjectInfo> stat(String key) throws IOException {
            return reach().stat(key);
        }

        @Override
        public List<ObjectInfo> list(String prefix) throws IOException {
            return reach().list(prefix);
        }

        @Override
        public void delete(String key) throws IOException {
            reach().delete(key);
        }

        @Override
        public String describe() {
            return "away";
        }

        @Override
        public void close() {}
    }
}
