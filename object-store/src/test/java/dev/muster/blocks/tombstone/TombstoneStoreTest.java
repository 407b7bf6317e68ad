package dev.muster.blocks.tombstone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TombstoneStoreTest {
    private static final long NOW_MS = 1_767_225_600_000L;
    private static final List<LabelMatcher> ALL_KINDS =
            List.of(
                    LabelMatcher.equal("__name__", "a b%20\n%"),
                    LabelMatcher.notEqual("b", ""),
                    LabelMatcher.regex("c", "x|y z"),
                    LabelMatcher.notRegex("d", "ä.*"));

    private final Bucket bucket = Buckets.open(BucketConfig.of("memory:"));
    private final TombstoneStore store = store(2);

    TombstoneStoreTest() throws IOException {}

    private TombstoneStore store(int limit) {
        return new TombstoneStore(bucket, limit, () -> Instant.ofEpochMilli(NOW_MS), new Random(1));
    }

    @Test
    void othersSeeItAfterTheirRefresh() throws Exception {
        Tombstone added = store.add(new TimeRange(5, 10), ALL_KINDS).orElseThrow();
        assertThat(store.all()).containsExactly(added);
        assertThat(store.in(new TimeRange(0, 5))).isEmpty();
        assertThat(store.in(new TimeRange(9, 20))).containsExactly(added);
        TombstoneStore other = store(2);
        assertThat(other.all()).isEmpty();
        other.refresh();
        assertThat(other.all()).containsExactly(added);
        assertThat(other.version()).isOne();
        other.refresh();
        assertThat(other.version()).isOne();
        store.remove(added);
        other.refresh();
        assertThat(other.all()).isEmpty();
        assertThat(store.all()).isEmpty();
    }

    @Test
    void thereAreNoMoreThanTheLimit() throws Exception {
        store.add(new TimeRange(5, 10), ALL_KINDS);
        store.add(new TimeRange(5, 11), ALL_KINDS);
        assertThat(store.add(new TimeRange(5, 12), ALL_KINDS)).isEmpty();
    }

    @Test
    void hidesMatchingSeriesAndIsFinalAfterADay() {
        Tombstone one =
                new Tombstone(
                        "0123456789abcdef",
                        NOW_MS,
                        new TimeRange(0, 1),
                        List.of(LabelMatcher.equal("job", "a")));
        assertThat(one.hides(Labels.of("job", "a", "x", "y"))).isTrue();
        assertThat(one.hides(Labels.of("x", "y"))).isFalse();
        assertThat(one.isFinal(NOW_MS + 86_399_999)).isFalse();
        assertThat(one.isFinal(NOW_MS + 86_400_000)).isTrue();
        assertThatThrownBy(() -> new Tombstone("x", 0, new TimeRange(0, 1), ALL_KINDS))
                .hasMessage("tombstone: id must be 16 hex digits: found=x");
    }

    /// Objects that this version wrote must always be read.
    @Test
    void readsTheFirstVersion() {
        String text =
                """
                muster-tombstone 1
                id 0123456789abcdef
                created_ms 1767225600000
                start_ms 0
                end_ms 1767225600001
                match = __name__ up
                match =~ job a|b%20c
                crc32c 82dcebe9
                """;
        Tombstone read = TombstoneText.decode(text.getBytes(StandardCharsets.UTF_8));
        assertThat(read.matchers()).hasToString("[__name__=\"up\", job=~\"a|b c\"]");
        assertThat(new String(TombstoneText.encode(read), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void damageIsCountedAndHidesNothing() throws Exception {
        Tombstone added = store.add(new TimeRange(5, 10), ALL_KINDS).orElseThrow();
        byte[] good = TombstoneText.encode(added);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThatThrownBy(() -> TombstoneText.decode(bad))
                    .isInstanceOf(IllegalArgumentException.class);
            byte[] torn = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> TombstoneText.decode(torn))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        bucket.putIfAbsent("v1/tombstones/0-x.txt", Arrays.copyOf(good, 9));
        store.refresh();
        assertThat(store.all()).containsExactly(added);
        assertThat(store.unreadable()).isOne();
    }
}
