package dev.muster.blocks.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every bucket must do.
abstract class BucketContract {
    @TempDir Path directory;
    private Bucket bucket;

    abstract Bucket open() throws Exception;

    @BeforeEach
    void openBucket() throws Exception {
        bucket = open();
    }

    @AfterEach
    void closeBucket() {
        bucket.close();
    }

    @Test
    void givesBackWhatWasPut() throws Exception {
        byte[] content = bytes("hello, bucket");

        assertThat(bucket.putIfAbsent("a/b/one", content)).isEqualTo(PutResult.CREATED);

        assertThat(bucket.range("a/b/one", 0, content.length)).isEqualTo(content);
        assertThat(bucket.range("a/b/one", 7, 6)).isEqualTo(bytes("bucket"));
        assertThat(bucket.range("a/b/one", 3, 0)).isEmpty();
        ObjectInfo info = bucket.stat("a/b/one").orElseThrow();
        assertThat(info.key()).isEqualTo("a/b/one");
        assertThat(info.sizeBytes()).isEqualTo(content.length);
        assertThat(info.etag()).isNotEmpty();
    }

    @Test
    void putsAFileOfManyMegabytes() throws Exception {
        byte[] content = new byte[12 << 20];
        new Random(7).nextBytes(content);
        Path file = Files.write(directory.resolve("large"), content);

        assertThat(bucket.putIfAbsent("large", file)).isEqualTo(PutResult.CREATED);
        assertThat(bucket.putIfAbsent("large", file)).isEqualTo(PutResult.EXISTS);

        assertThat(bucket.stat("large").orElseThrow().sizeBytes()).isEqualTo(content.length);
        assertThat(bucket.range("large", 0, content.length)).isEqualTo(content);
    }

    @Test
    void putsAnEmptyFile() throws Exception {
        Path file = Files.write(directory.resolve("empty"), new byte[0]);

        assertThat(bucket.putIfAbsent("empty", file)).isEqualTo(PutResult.CREATED);

        assertThat(bucket.stat("empty").orElseThrow().sizeBytes()).isZero();
    }

    @Test
    void leavesAnObjectThatExists() throws Exception {
        bucket.putIfAbsent("k", bytes("first"));

        assertThat(bucket.putIfAbsent("k", bytes("second"))).isEqualTo(PutResult.EXISTS);

        assertThat(bucket.range("k", 0, 5)).isEqualTo(bytes("first"));
    }

    @Test
    void letsOneOfManyWritersWin() throws Exception {
        List<Future<PutResult>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                byte[] content = bytes("writer " + i);
                Callable<PutResult> put = () -> bucket.putIfAbsent("race/x", content);
                results.add(executor.submit(put));
            }
        }
        List<PutResult> found = new ArrayList<>();
        for (Future<PutResult> result : results) {
            found.add(result.get());
        }

        assertThat(found).containsOnlyOnce(PutResult.CREATED);
        assertThat(bucket.stat("race/x").orElseThrow().sizeBytes()).isEqualTo(8);
    }

    @Test
    void listsByPrefixInOrder() throws Exception {
        for (String key : List.of("t/b/2", "t/a/1", "t/b/1", "t/bb/1", "u", "t/a%2F1-x_y.z=w")) {
            bucket.putIfAbsent(key, bytes(key));
        }

        assertThat(keys("t/b")).containsExactly("t/b/1", "t/b/2", "t/bb/1");
        assertThat(keys("t/b/")).containsExactly("t/b/1", "t/b/2");
        assertThat(keys("t/b/1")).containsExactly("t/b/1");
        assertThat(keys("t/a")).containsExactlyInAnyOrder("t/a/1", "t/a%2F1-x_y.z=w");
        assertThat(keys("nothing/here/")).isEmpty();
        assertThat(keys("")).hasSize(6);
        ObjectInfo listed = bucket.list("t/b/1").getFirst();
        assertThat(listed.sizeBytes()).isEqualTo(5);
        assertThat(listed.etag()).isEqualTo(bucket.stat("t/b/1").orElseThrow().etag());
    }

    @Test
    void deletesOnceAndForAll() throws Exception {
        bucket.putIfAbsent("d/1", bytes("x"));

        bucket.delete("d/1");
        bucket.delete("d/1");

        assertThat(bucket.stat("d/1")).isEmpty();
        assertThat(bucket.list("d/")).isEmpty();
        assertThat(bucket.putIfAbsent("d/1", bytes("y"))).isEqualTo(PutResult.CREATED);
    }

    @Test
    void saysThatAnObjectIsMissing() {
        assertThatThrownBy(() -> bucket.range("not/there", 0, 1))
                .isInstanceOfSatisfying(
                        BucketException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(BucketException.Kind.NOT_FOUND);
                            assertThat(e.retryable()).isFalse();
                        })
                .hasMessageContaining(bucket.describe())
                .hasMessageContaining("key=not/there");
    }

    @Test
    void refusesARangeBeyondTheEnd() throws Exception {
        bucket.putIfAbsent("short", bytes("abc"));

        for (int offset : new int[] {0, 2, 3, 4, 1_000}) {
            assertThatThrownBy(() -> bucket.range("short", offset, 4))
                    .as("offset %d", offset)
                    .isInstanceOf(BucketException.class)
                    .hasMessageContaining("object must hold the range");
        }
    }

    @Test
    void refusesWhatIsNoKey() {
        for (String key :
                List.of("", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\nb")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bucket.putIfAbsent(key, bytes("x")));
            assertThatIllegalArgumentException().isThrownBy(() -> bucket.stat(key));
        }
    }

    private List<String> keys(String prefix) throws Exception {
        return bucket.list(prefix).stream().map(ObjectInfo::key).toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
