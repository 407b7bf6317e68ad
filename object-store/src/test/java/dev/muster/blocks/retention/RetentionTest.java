package dev.muster.blocks.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.schema.AlertsBlockId;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /// A sweep begins with so many calls for days that may have been given back.
    private static final int GIVEN_BACK_CALLS = 40;

    /// Begins at the present, as the store stamps marks by its own clock.
    private Instant now = Instant.parse("2026-11-23T00:00:00Z");

    private final Instant begin = now;

    private final InstantSource clock = () -> now;
    private final Bucket store = new StampingBucket(memory());
    private final RetentionConfig config =
            new RetentionConfig(
                    Optional.of(Duration.ofDays(10)),
                    Optional.of(Duration.ofDays(30)),
                    Optional.of(Duration.ofDays(40)),
                    Duration.ofHours(24));

    private static Bucket memory() {
        try {
            return Buckets.open(BucketConfig.of("memory:"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A bucket whose clock is the test's, and that fails after so many calls.
    private final class StampingBucket implements Bucket {
        private final Bucket inner;
        private int callsLeft = Integer.MAX_VALUE;

        StampingBucket(Bucket inner) {
            this.inner = inner;
        }

        private void call() throws IOException {
            if (callsLeft-- <= 0) {
                callsLeft = 0;
                throw new IOException("killed");
            }
        }

        private ObjectInfo stamped(ObjectInfo info) {
            return new ObjectInfo(info.key(), info.sizeBytes(), info.etag(), begin);
        }

        @Override
        public PutResult putIfAbsent(String key, Path file) throws IOException {
            call();
            return inner.putIfAbsent(key, file);
        }

        @Override
        public PutResult putIfAbsent(String key, byte[] content) throws IOException {
            call();
            return inner.putIfAbsent(key, content);
        }

        @Override
        public byte[] range(String key, long offset, int length) throws IOException {
            call();
            return inner.range(key, offset, length);
        }

        @Override
        public Optional<ObjectInfo> stat(String key) throws IOException {
            call();
            return inner.stat(key).map(this::stamped);
        }

        @Override
        public List<ObjectInfo> list(String prefix) throws IOException {
            call();
            return inner.list(prefix).stream().map(this::stamped).toList();
        }

        @Override
        public void delete(String key) throws IOException {
            call();
            inner.delete(key);
        }

        @Override
        public String describe() {
            return inner.describe();
        }

        @Override
        public void close() {}
    }

    private static TimeRange window(String start) {
        long startMs = Instant.parse(start).toEpochMilli();
        return new TimeRange(startMs, startMs + HOUR.toMillis());
    }

    private void block(String start) throws IOException {
        BlockId block = new BlockId("c", "h", window(start));
        for (String key : List.of(block.samplesKey(), block.histKey(), block.seriesKey())) {
            store.putIfAbsent(key, new byte[100]);
        }
    }

    private void upness(String start) throws IOException {
        store.putIfAbsent(new UpnessBlockId("c", "h", window(start), 0).key(), new byte[10]);
    }

    private List<String> keys() throws IOException {
        return store.list("v1/").stream().map(ObjectInfo::key).toList();
    }

    private void sweep() throws IOException {
        new Retention(store, config, clock).sweep();
    }

    @Test
    void deletesWholeDaysAfterTheGrace() throws IOException {
        block("2026-11-12T23:00:00Z");
        block("2026-11-13T00:00:00Z");
        upness("2026-10-23T23:00:00Z");
        upness("2026-10-24T00:00:00Z");
        List<String> all = keys();
        Retention retention = new Retention(store, config, clock);
        retention.sweep();
        assertThat(keys())
                .containsAll(all)
                .contains(
                        "v1/retention/table=samples/date=2026-11-12.txt",
                        "v1/retention/table=upness/date=2026-10-23.txt")
                .hasSize(all.size() + 2);
        now = begin.plus(Duration.ofHours(23));
        retention.sweep();
        assertThat(keys()).hasSize(all.size() + 2);
        now = begin.plus(Duration.ofHours(24)).minusMillis(1);
        retention.sweep();
        assertThat(retention.objects(RetainedTable.SAMPLES)).isZero();
        now = begin.plus(Duration.ofHours(24));
        retention.sweep();
        // by now the days after are due, too
        assertThat(keys())
                .noneMatch(key -> key.contains("parquet") && key.contains("2026-11-12"))
                .noneMatch(key -> key.contains("parquet") && key.contains("2026-10-23"))
                .doesNotContain("v1/retention/table=samples/date=2026-11-12.txt")
                .contains(
                        new BlockId("c", "h", window("2026-11-13T00:00:00Z")).seriesKey(),
                        "v1/retention/table=samples/date=2026-11-13.txt",
                        "v1/retention/table=upness/date=2026-10-24.txt");
        assertThat(retention.objects(RetainedTable.SAMPLES)).isEqualTo(3);
        assertThat(retention.bytes(RetainedTable.SAMPLES)).isEqualTo(300);
        assertThat(retention.objects(RetainedTable.UPNESS)).isEqualTo(1);
        assertThat(retention.marks(RetainedTable.SAMPLES)).isEqualTo(2);
    }

    @Test
    void keepsAllWithoutATime() throws IOException {
        block("2016-11-12T23:00:00Z");
        new Retention(
                        store,
                        new RetentionConfig(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofHours(24)),
                        clock)
                .sweep();
        assertThat(keys()).hasSize(3);
    }

    @Test
    void aLongerTimeWithinTheGraceKeepsTheFiles() throws IOException {
        block("2026-11-12T23:00:00Z");
        sweep();
        now = begin.plus(Duration.ofHours(30));
        RetentionConfig longer =
                new RetentionConfig(
                        Optional.of(Duration.ofDays(20)),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofHours(24));
        new Retention(store, longer, clock).sweep();
        assertThat(keys()).hasSize(3).noneMatch(key -> key.contains("retention"));
        sweep();
        assertThat(keys()).hasSize(4);
    }

    @Test
    void findsYearsOfOldDaysInTurn() throws IOException {
        block("2025-01-01T00:00:00Z");
        Retention retention = new Retention(store, config, clock);
        for (int i = 0; i < 4; i++) {
            retention.sweep();
        }
        assertThat(keys()).contains("v1/retention/table=samples/date=2025-01-01.txt");
    }

    /// Killed after each number of calls, at the mark and at the deletion, it comes to the same.
    @Test
    void goesOnWhereverItWasKilled() throws IOException {
        StampingBucket bucket = (StampingBucket) store;
        for (int calls = GIVEN_BACK_CALLS - 2; calls < GIVEN_BACK_CALLS + 20; calls++) {
            now = begin;
            for (String key : keys()) {
                store.delete(key);
            }
            block("2026-11-12T20:00:00Z");
            block("2026-11-12T22:00:00Z");
            killedAfter(bucket, calls);
            sweep();
            assertThat(keys()).hasSize(7);
            now = begin.plus(Duration.ofHours(24));
            killedAfter(bucket, calls);
            List<String> left = keys();
            List<String> samples = new ArrayList<>(left);
            samples.removeIf(key -> !key.startsWith("v1/samples"));
            if (left.stream().anyMatch(key -> key.startsWith("v1/series"))) {
                assertThat(samples).as("a visible block is whole").hasSize(2);
            }
            sweep();
            sweep();
            assertThat(keys()).as("calls=" + calls).isEmpty();
        }
    }

    private void killedAfter(StampingBucket bucket, int calls) throws IOException {
        bucket.callsLeft = calls;
        try {
            sweep();
        } catch (IOException e) {
            assertThat(e).hasMessage("killed");
        } finally {
            bucket.callsLeft = Integer.MAX_VALUE;
        }
    }

    @Test
    void aMarkThatIsNoneDeletesNothing() throws IOException {
        block("2026-11-12T23:00:00Z");
        store.putIfAbsent("v1/retention/table=samples/date=2026-11-12.txt", new byte[5]);
        now = begin.plus(Duration.ofHours(48));
        assertThatThrownBy(this::sweep)
                .hasMessage(
                        "retention mark key=v1/retention/table=samples/date=2026-11-12.txt: must be"
                                + " one");
        assertThat(keys()).hasSize(4);
    }

    @Test
    void alertsGoAfterATimeOfTheirOwn() throws IOException {
        long startMs = Instant.parse("2026-10-15T00:00:00Z").toEpochMilli();
        var window = new TimeRange(startMs, startMs + 7_200_000);
        store.putIfAbsent(new AlertsBlockId(window, 0).key(), new byte[] {1});
        sweep();
        assertThat(keys()).hasSize(1);
        now = now.plus(Duration.ofDays(2));
        sweep();
        assertThat(keys()).hasSize(2).contains("v1/retention/table=alerts/date=2026-10-15.txt");
        now = now.plus(Duration.ofHours(25));
        sweep();
        assertThat(keys()).isEmpty();
    }

    @Test
    void refusesTimesThatAreTooShort() {
        assertThatThrownBy(() ->
                        new RetentionConfig(
                                Optional.of(Duration.ofHours(23)),
                                Optional.empty(),
                                Optional.empty(),
                                HOUR))
                .hasMessage("samples must be 1d to 36500d: found=23h");
        assertThatThrownBy(() ->
                        new RetentionConfig(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofMinutes(59)))
                .hasMessage("grace must be 1h to 36500d: found=0h");
    }
}
